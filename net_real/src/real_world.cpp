#include "piccolo/net_real/real_world.hpp"

#include <atomic>
#include <csignal>
#include <exception>
#include <optional>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "loop.hpp"
#include "piccolo/core/assert.hpp"
#include "piccolo/core/random.hpp"
#include "port_table.hpp"
#include "resolver.hpp"
#include "signal_watch.hpp"

namespace piccolo {

using real::Loop;

class RealWorld::Impl {
 public:
  explicit Impl(const RealOptions& options);
  ~Impl() { resolver_.close(); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Loop& loop(unsigned index) noexcept {
    PICCOLO_ASSERT(index < loops_.size(), "a real world was asked for a loop it does not have");
    return *loops_[index];
  }
  unsigned loops() const noexcept { return static_cast<unsigned>(loops_.size()); }
  void run();
  void stop();

 private:
  void signaled(int number);

  real::PortTable ports_;
  real::Resolver resolver_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::optional<real::SignalWatch> signals_;  // told to loop 0
  bool signaled_before_ = false;
};

namespace {

std::uint64_t system_seed() {
  std::random_device device;
  const std::uint64_t high = device();
  return high << 32U | device();
}

}  // namespace

RealWorld::Impl::Impl(const RealOptions& options) {
  PICCOLO_ASSERT(options.threads > 0, "a real world needs at least one thread");
  const auto sink = real::make_log_sink();
  const std::uint64_t seed = system_seed();
  for (unsigned index = 0; index < options.threads; ++index) {
    auto name = options.name;
    if (index > 0) name += "/" + std::to_string(index);
    loops_.push_back(
        std::make_unique<Loop>(name, options.log_level, sink, ports_, resolver_, mix(seed, index)));
  }
  if (!options.handle_signals) return;
  signals_.emplace(loops_[0]->io(), [this](int number) { signaled(number); });
}

void RealWorld::Impl::signaled(int number) {
  const char* const name = number == SIGINT ? "SIGINT" : "SIGTERM";
  Logger& log = loops_[0]->env().log;
  if (!std::exchange(signaled_before_, true)) {
    log.info("Received {}, shutting down", name);
    stop();
  } else {
    log.warn("Received {} again, ending at once", name);
    for (const auto& each : loops_) each->halt();
  }
}

void RealWorld::Impl::stop() {
  for (const auto& each : loops_) each->cancel();
}

void RealWorld::Impl::run() {
  std::vector<std::exception_ptr> exceptions(loops_.size());
  std::atomic<unsigned> others = 0;
  {
    std::vector<std::jthread> threads;
    try {
      for (unsigned index = 1; index < loops_.size(); ++index) {
        threads.emplace_back([this, &exceptions, &others, index] {
          exceptions[index] = loops_[index]->run(Loop::Until::told);
          if (exceptions[index]) stop();
          --others;
          loops_[0]->wake();
        });
        ++others;  // below zero in between, if the thread was quick
      }
      exceptions[0] = loops_[0]->run(Loop::Until::idle);
    } catch (...) {  // a thread could not be started
      exceptions[0] = std::current_exception();
    }
    stop();
    // A second signal may have to end the others.
    while (others != 0) loops_[0]->wait_for_event();
  }
  for (const auto& each : loops_) each->reset();
  signaled_before_ = false;
  for (const auto& exception : exceptions) {
    if (exception) std::rethrow_exception(exception);
  }
}

RealWorld::RealWorld(const RealOptions& options) : impl_(std::make_unique<Impl>(options)) {}

RealWorld::~RealWorld() = default;

unsigned RealWorld::loops() const noexcept { return impl_->loops(); }

Env& RealWorld::env(unsigned loop) noexcept { return impl_->loop(loop).env(); }

void RealWorld::start(unsigned loop, Program program) {
  impl_->loop(loop).start(std::move(program));
}

Result<Listener> RealWorld::share_listener(unsigned loop, const Endpoint& local) {
  return impl_->loop(loop).network().share_listener(local);
}

void RealWorld::run() { impl_->run(); }

void RealWorld::stop() { impl_->stop(); }

}  // namespace piccolo
