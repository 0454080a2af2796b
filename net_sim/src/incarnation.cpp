#include "incarnation.hpp"

#include <utility>

#include "piccolo/core/assert.hpp"

namespace piccolo {

void SimClock::arm(Timer& timer, TimePoint at) {
  // A deadline in the past is due now, not before.
  world_.schedule(timer, at < world_.now ? world_.now : at,
                  world_.tie(mix64(draws_ + golden_gamma * ++armed_)));
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
      clock(in, random.stream("timer").next()),
      network(in, *this, random.stream("network").next()),
      log(in, of.id),
      executor(in.options.ready_order, random.stream("executor").next(), this),
      env{executor, network, clock, random, log},
      program(of.program) {
  root.emplace(executor);
}

Incarnation::~Incarnation() {
  root.reset();
  PICCOLO_ASSERT(ends.empty() && listeners.empty() && datagram_sockets.empty(),
                 "a stream, listener or datagram socket outlived the process that held it");
}

namespace {

// A frame of its own, so that whatever the program throws, and whenever, is the process's failure.
Task<void> run_program(Incarnation* incarnation) {
  Task<void> task = incarnation->program(incarnation->env);
  co_await std::move(task);
}

}  // namespace

void Incarnation::run() { root->spawn(run_program(this)); }

void Incarnation::became_runnable(Executor&) noexcept { world.runnable.push_back(this); }

}  // namespace piccolo
