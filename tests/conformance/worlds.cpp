#include "worlds.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "piccolo/net_real/real_world.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::conformance {
namespace {

// Cancels the program when its time is up, and tells where it stood then.
class Watchdog final : private Timer {
 public:
  Watchdog(Env& env, Fiber& fiber, Duration patience) : env_(env), fiber_(fiber) {
    env.clock.arm(*this, saturating_add(env.clock.now(), patience));
  }
  ~Watchdog() {
    if (tree_.empty()) env_.clock.disarm(*this);
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  const std::string& tree() const noexcept { return tree_; }

 private:
  void fire() noexcept override {
    tree_ = env_.executor.task_tree();
    fiber_.request_cancel();
  }

  Env& env_;
  Fiber& fiber_;
  std::string tree_;
};

Task<void> guarded(Env& env, Program program, Duration patience) {
  Fiber* const fiber = co_await this_fiber();
  Watchdog watchdog(env, *fiber, patience);
  Task<void> task = program(env);
  co_await std::move(task);
  if (!watchdog.tree().empty()) throw std::runtime_error("it hung:\n" + watchdog.tree());
}

void run_real(const std::vector<Program>& programs) {
  RealOptions options;
  options.handle_signals = false;
  options.log_level = LogLevel::off;
  RealWorld world(options);
  for (const Program& program : programs) {
    world.start(0, [program](Env& env) { return guarded(env, program, std::chrono::seconds(10)); });
  }
  world.run();
}

void run_simulated(const std::vector<Program>& programs, std::uint64_t seed, bool two_hosts) {
  WorldOptions options;
  options.ready_order = seed == 0 ? ReadyOrder::fifo : ReadyOrder::random;
  World world(seed, options);
  world.add_host("first");
  world.add_host("second");
  HostId host = 0;
  for (const Program& program : programs) {
    const ProcessId process = world.add_process(host, "program", [program](Env& env) {
      return guarded(env, program, std::chrono::minutes(10));
    });
    world.start(process);
    if (two_hosts) ++host;
  }
  world.run_until_idle();
  INFO("seed " << seed << (two_hosts ? ", two hosts" : ", one host"));
  if (world.failure()) FAIL(world.failure()->rule + ": " + world.failure()->detail);
  // Whatever the case did, in the end the kernels have forgotten all of it.
  CHECK(world.live_connections() == 0);
}

constexpr std::uint64_t schedules = 6;

}  // namespace

void run(Backend backend, const Program& program) {
  if (backend == Backend::real) return run_real({program});
  for (std::uint64_t seed = 0; seed < schedules; ++seed) run_simulated({program}, seed, false);
}

void run_two(Backend backend, const std::function<TwoPrograms(const Address& address)>& make) {
  const Address loopback = Address::loopback(Address::Family::v4);
  if (backend == Backend::real) {
    const TwoPrograms two = make(loopback);
    return run_real({two.server, two.client});
  }
  for (std::uint64_t seed = 0; seed < schedules; ++seed) {
    const TwoPrograms near = make(loopback);
    run_simulated({near.server, near.client}, seed, false);
    const TwoPrograms far = make(Address::v4(10, 0, 0, 1));
    run_simulated({far.server, far.client}, seed, true);
  }
}

}  // namespace piccolo::conformance
