#include "incarnation.hpp"

#include <utility>

#include "piccolo/core/assert.hpp"

namespace piccolo {

WallTime SimClock::wall_now() const noexcept {
  if (host_.clock.wall_is_off()) ++world_.faults[FaultKind::clock_step].observed;
  return host_.clock.wall(world_.now, world_.options.wall_start);
}

void SimClock::arm(Timer& timer, TimePoint at) {
  // A deadline in the past is due now, not before.
  const TimePoint local = now();
  const std::uint64_t tie = world_.tie(mix64(draws_ + golden_gamma * ++times_armed_));
  armed_.push({at < local ? local : at, tie}, timer);
  if (&armed_.top() == &timer) set_alarm();
}

void SimClock::disarm(Timer& timer) noexcept {
  const bool first = &armed_.top() == &timer;
  armed_.erase(timer);
  if (first) set_alarm();
}

void SimClock::set_alarm() noexcept {
  if (armed_.empty() || stopped_) return EventQueue::call_off(*this);
  const TimerKey& first = armed_.top_key();
  const TimePoint at = host_.clock.reaches(first.at);
  world_.schedule(*this, at < world_.now ? world_.now : at, first.tie);
}

void SimClock::fire() noexcept {
  if (host_.clock.drifts()) ++world_.faults[FaultKind::clock_drift].observed;
  Timer& due = armed_.pop();
  set_alarm();
  due.fire();
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
      random(in.random.child("process", of.id).child("start", of.starts).seed(), &in.salt),
      clock(in, on, random.stream("timer").next()),
      network(in, *this, random.stream("network").next()),
      log(in, of.id),
      probes(in, of.id, random.stream("probes").next()),
      executor(in.options.ready_order, random.stream("executor").next(), this),
      env{executor, network, clock, random, log, Probes(probes)},
      program(of.program) {
  root.emplace(executor);
}

Incarnation::~Incarnation() {
  root.reset();
  PICCOLO_ASSERT(open_sockets() == 0,
                 "a stream, listener or datagram socket outlived the world that it was of");
}

namespace {

// A frame of its own, so that whatever the program throws, and whenever, is the process's failure.
Task<void> run_program(Incarnation* incarnation) {
  Task<void> task = incarnation->program(incarnation->env);
  co_await std::move(task);
}

}  // namespace

void Incarnation::run() { root->spawn(run_program(this)); }

void Incarnation::became_runnable(Executor&) noexcept {
  if (!paused) world.runnable.push_back(this);
}

}  // namespace piccolo
