#include "incarnation.hpp"

namespace piccolo {

void SimClock::arm(Timer& timer, TimePoint at) {
  // A deadline in the past is due now, not before.
  world_.schedule(timer, at < world_.now ? world_.now : at,
                  world_.tie(mix(site_hash("timer"), process_), ++armed_));
}

SimLogger::SimLogger(World::Impl& world, ProcessId process) noexcept
    : Logger(world.options.log_level), world_(world), process_(process) {}

void SimLogger::write(LogLevel level, std::string_view text) {
  world_.observe([&](Observer& observer) { observer.logged(process_, level, text); });
}

Incarnation::Incarnation(World::Impl& in, Process& of, Host& on)
    : world(in),
      process(of),
      host(on),
      random(in.random.child("process", of.id).child("start", of.starts)),
      clock(in, of.id),
      network(in, *this),
      log(in, of.id),
      executor(in.options.ready_order, random.stream("executor").next(), this),
      env{executor, network, clock, random, log},
      program(of.program),
      root(executor) {}

Incarnation::~Incarnation() = default;

void Incarnation::became_runnable(Executor&) noexcept { world.runnable.push_back(this); }

}  // namespace piccolo
