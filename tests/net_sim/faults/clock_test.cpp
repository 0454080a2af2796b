// Wall clocks that jump, and clocks that run too fast or too slow.

#include "../lab.hpp"
#include "host_clock.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using std::chrono::nanoseconds;

// Notes both clocks at true seconds, whatever its own clocks say.
std::string clocks(Env& env) {
  return format_duration(env.clock.now().time_since_epoch()) + " " +
         format_duration(env.clock.wall_now().time_since_epoch());
}

Lab& with_clock(Lab& lab, Env** env) {
  lab.run(lab.client, [env](Env& of) -> Task<void> {
    *env = &of;
    return [](Env& with) -> Task<void> { co_await with.clock.sleep_until(TimePoint::max()); }(of);
  });
  lab.run_for(Duration(0));
  return lab;
}

WorldOptions from_zero() {
  WorldOptions options;
  options.wall_start = WallTime();
  return options;
}

TEST_CASE("a step moves the wall clock of one host, and no monotonic clock") {
  Lab lab(from_zero());
  Env* env = nullptr;
  with_clock(lab, &env);
  lab.run_for(seconds(10));
  lab.world.step_wall_clock(lab.server, seconds(1));
  CHECK(clocks(*env) == "10s 10s");
  CHECK(lab.world.fault_counts()[FaultKind::clock_step].observed == 0);
  lab.world.step_wall_clock(lab.client, -seconds(3));
  CHECK(clocks(*env) == "10s 7s");
  lab.world.step_wall_clock(lab.client, seconds(5));
  lab.run_for(seconds(1));
  CHECK(clocks(*env) == "11s 13s");
  CHECK(lab.world.fault_counts()[FaultKind::clock_step].injected == 3);
  CHECK(lab.world.fault_counts()[FaultKind::clock_step].observed == 2);
}

TEST_CASE("a wall clock stays at the end of time instead of going past it") {
  Lab lab;
  Env* env = nullptr;
  with_clock(lab, &env);
  lab.world.step_wall_clock(lab.client, Duration::max());
  lab.world.step_wall_clock(lab.client, Duration::max());
  CHECK(env->clock.wall_now() == WallTime::max());
  lab.world.step_wall_clock(lab.client, Duration::min());
  lab.world.step_wall_clock(lab.client, Duration::min());
  CHECK(env->clock.wall_now() < WallTime(Duration(0)));
}

TEST_CASE("both clocks of a host drift, for as long as they do, and the others do not") {
  Lab lab(from_zero());
  Env* env = nullptr;
  with_clock(lab, &env);
  lab.world.drift_clock(lab.server, 1000);
  lab.run_for(seconds(10));
  CHECK(clocks(*env) == "10s 10s");
  lab.world.drift_clock(lab.client, 100'000);
  lab.run_for(seconds(10));
  CHECK(clocks(*env) == "21s 21s");
  lab.world.drift_clock(lab.client, -100'000);
  lab.run_for(seconds(10));
  CHECK(clocks(*env) == "30s 30s");
  lab.world.drift_clock(lab.client, 0);
  lab.run_for(seconds(10));
  CHECK(clocks(*env) == "40s 40s");
}

// Sleeps for 1.1 s by its own clock, and notes the true time.
Task<void> sleeps(Env& env, Lab* lab) {
  co_await env.clock.sleep_for(milliseconds(1100));
  lab->diary.note(env, format_duration(lab->world.now().time_since_epoch()));
}

TEST_CASE("timers fire by the clock that drifts") {
  Lab lab;
  lab.world.drift_clock(lab.client, 100'000);
  lab.run(lab.client, [&](Env& env) { return sleeps(env, &lab); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"1.1s 1s"});
  CHECK(lab.world.fault_counts()[FaultKind::clock_drift].injected == 1);
  CHECK(lab.world.fault_counts()[FaultKind::clock_drift].observed == 1);
}

TEST_CASE("timers that are armed already follow the clock when its rate changes") {
  Lab lab;
  lab.run(lab.client, [&](Env& env) { return sleeps(env, &lab); });
  lab.world.at(at(milliseconds(550)), [&] { lab.world.drift_clock(lab.client, 100'000); });
  lab.world.at(at(milliseconds(650)), [&] { lab.world.drift_clock(lab.client, -100'000); });
  lab.finish();
  // 550 ms as usual, 110 in the next 100, and what is left at nine tenths of the speed; rounded up.
  CHECK(lab.diary.lines() == Lines{"1.1s 1.138888889s"});
}

TEST_CASE("no timer fires before its time, and no clock goes back, however rates change") {
  rc::prop("for every sequence of drifts", [] {
    Lab lab;
    Env* env = nullptr;
    with_clock(lab, &env);
    lab.run(lab.client, [](Env& of, Lab* in) -> Task<void> {
      for (int count = 0; count < 40; ++count) {
        const TimePoint due = of.clock.now() + microseconds(700);
        co_await of.clock.sleep_until(due);
        if (of.clock.now() < due) in->diary.note(of, "early");
        // A nanosecond of true time, and what the rate makes of it, is as near as it gets.
        if (of.clock.now() > due + nanoseconds(2)) in->diary.note(of, "late");
      }
    });
    TimePoint before;
    for (int step = 0; step < 60; ++step) {
      lab.world.drift_clock(lab.client, *rc::gen::inRange(-100'000, 100'001));
      lab.run_for(nanoseconds(*rc::gen::inRange(0, 700'000)));
      RC_ASSERT(env->clock.now() >= before);
      before = env->clock.now();
    }
    RC_ASSERT(lab.diary.lines().empty());
  });
}

TEST_CASE("a clock reaches a time at the first moment that it shows it") {
  rc::prop("for every rate and time", [] {
    HostClock clock;
    clock.drift(at(nanoseconds(*rc::gen::inRange(0, 1'000'000))),
                *rc::gen::inRange(-100'000, 100'001));
    clock.drift(at(nanoseconds(*rc::gen::inRange(1'000'000, 2'000'000))),
                *rc::gen::inRange(-100'000, 100'001));
    const TimePoint deadline = at(nanoseconds(*rc::gen::inRange(4'000'000, 2'000'000'000)));
    const TimePoint when = clock.reaches(deadline);
    RC_ASSERT(clock.local(when) >= deadline);
    RC_ASSERT(clock.local(when - nanoseconds(1)) < deadline);
  });
}

TEST_CASE("a clock that drifts knows no time beyond the end of time") {
  HostClock clock;
  clock.drift(at(seconds(1)), 100'000);
  CHECK(clock.local(TimePoint::max()) == TimePoint::max());
  CHECK(clock.reaches(TimePoint::max()) == TimePoint::max());
  clock.drift(at(seconds(2)), -100'000);
  CHECK(clock.reaches(TimePoint::max() - seconds(1)) == TimePoint::max());
}

}  // namespace
}  // namespace piccolo::test
