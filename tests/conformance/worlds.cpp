#include "worlds.hpp"

#include <iostream>
#include <string>
#include <utility>

#include "guarded.hpp"
#include "namespace.hpp"
#include "piccolo/net_real/real_world.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::conformance {
namespace {

void run_real(const std::vector<Program>& programs) {
  RealOptions options;
  options.handle_signals = false;
  options.log_level = LogLevel::off;
  RealWorld world(options);
  for (const Program& program : programs) {
    world.start(
        0, [program](Env& env) { return netns::guarded(env, program, std::chrono::seconds(10)); });
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
      return netns::guarded(env, program, std::chrono::minutes(10));
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

// The real world over the loopback of a kernel that does nothing else.
void run_in_namespace(const std::vector<Program>& programs) {
  if (!namespaces_permitted()) return;
  // Only one thread at a time, so the programs may check as they like.
  netns::Namespace().inside([&] {
    // It has a way to elsewhere, as most machines have (but not to name servers, or a lookup would
    // take its time). Nobody reads what goes there.
    netns::TunOptions options;
    options.route = Address::v4(198, 51, 100, 7);  // TEST-NET-2 of RFC 5737
    const netns::FileDescriptor way_out = netns::open_tun(options);
    run_real(programs);
  });
}

constexpr std::uint64_t schedules = 6;

}  // namespace

bool namespaces_permitted() {
  const std::string& why = netns::why_unavailable();
  // tests/conformance/CMakeLists.txt looks for these words.
  if (!why.empty()) std::cout << "skipped: no network namespaces here: " << why << '\n';
  return why.empty();
}

void run(Backend backend, const Program& program) {
  if (backend == Backend::real) return run_real({program});
  if (backend == Backend::netns) return run_in_namespace({program});
  for (std::uint64_t seed = 0; seed < schedules; ++seed) run_simulated({program}, seed, false);
}

void run_two(Backend backend, const std::function<TwoPrograms(const Address& address)>& make) {
  const Address loopback = Address::loopback(Address::Family::v4);
  if (backend != Backend::sim) {
    const TwoPrograms two = make(loopback);
    if (backend == Backend::real) return run_real({two.server, two.client});
    return run_in_namespace({two.server, two.client});
  }
  for (std::uint64_t seed = 0; seed < schedules; ++seed) {
    const TwoPrograms near = make(loopback);
    run_simulated({near.server, near.client}, seed, false);
    const TwoPrograms far = make(Address::v4(10, 0, 0, 1));
    run_simulated({far.server, far.client}, seed, true);
  }
}

}  // namespace piccolo::conformance
