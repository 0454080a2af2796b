#include "locks/worker.hpp"

#include <optional>

#include "rpc.hpp"

namespace piccolo::zoo {
namespace {

using std::chrono::milliseconds;

constexpr Duration patience = milliseconds(600);
constexpr Duration write_pause_least = milliseconds(20);
constexpr Duration write_pause_most = milliseconds(200);
constexpr Duration poll_pause_least = milliseconds(20);
constexpr Duration poll_pause_most = milliseconds(250);

struct Lease {
  std::uint64_t token = 0;
  TimePoint asked;  // so it began later
  Duration time{0};
  WallTime until;  // by the service's wall clock
};

// Two clocks may differ by 10 % each, so the time of one is 0.9 / 1.1 of the other's at least.
Duration safe_part(Duration time) { return time / 4 * 3; }

bool holds(const Env& env, const Lease& lease, LockMistake mistake) {
  switch (mistake) {
    case LockMistake::wall_clock:
      return env.clock.wall_now() < lease.until;
    case LockMistake::no_margin:
      return env.clock.now() < saturating_add(lease.asked, lease.time);
    case LockMistake::never_steps_down:
      return true;
    default:
      return env.clock.now() < saturating_add(lease.asked, safe_part(lease.time));
  }
}

// `request`: acquire, or renew.
Task<std::optional<Lease>> ask_for_lease(Env& env, const WorkerConfig* me, Message request) {
  const TimePoint asked = env.clock.now();
  const auto reply = co_await call(env, me->locks, patience, request);
  if (!reply || reply->kind != grant) co_return std::nullopt;
  Lease lease;
  lease.token = reply->words[0];
  lease.asked = asked;
  lease.time = Duration(static_cast<std::int64_t>(reply->words[1]));
  lease.until = WallTime(Duration(static_cast<std::int64_t>(reply->words[2])));
  co_return lease;
}

// A lease is renewed at once, and whenever a third of it is over.
class Renewals {
 public:
  explicit Renewals(std::int64_t most) : left_(most) {}
  bool due(const Env& env, const Lease& lease) {
    const bool is_due = first_ || env.clock.now() >= saturating_add(lease.asked, lease.time / 3);
    first_ = false;
    return is_due && left_-- > 0;
  }

 private:
  std::int64_t left_;
  bool first_ = true;
};

// What lies between the last look at the clock and the write may take any time.
Task<void> write_once(Env& env, const WorkerConfig* me, std::uint64_t token, Duration stall) {
  me->ledger->acted(me->self, token);
  if (env.probes.buggify("a worker stalls before it writes", 50'000)) {
    const auto slept = co_await env.clock.sleep_for(stall);
    if (!slept) co_return;
  }
  co_await call(env, me->store, patience, Message(write, me->self, token));
}

Task<void> work(Env& env, const WorkerConfig* me, Lease lease, Draws* draws) {
  Renewals renewals(me->renewals_max);
  const Duration needed = draws->between(Duration(0), me->work_most);
  const TimePoint end = saturating_add(env.clock.now(), needed);
  while (env.clock.now() < end) {
    if (renewals.due(env, lease)) {
      const Message request(renew, me->self, lease.token);
      const auto renewed = co_await ask_for_lease(env, me, request);
      if (renewed) lease = *renewed;
    }
    if (!holds(env, lease, me->mistake)) co_return;
    co_await write_once(env, me, lease.token, lease.time * 2);
    const Duration pause = draws->between(write_pause_least, write_pause_most);
    const auto slept = co_await env.clock.sleep_for(pause);
    if (!slept) co_return;
  }
}

}  // namespace

Task<void> lock_worker(Env& env, WorkerConfig config) {
  Draws draws = env.random.stream("work");
  for (;;) {
    const auto lease = co_await ask_for_lease(env, &config, Message(acquire, config.self));
    if (lease) {
      config.ledger->obtained();
      env.log.info("Has the lock, token [{}]", lease->token);
      co_await work(env, &config, *lease, &draws);
      env.log.info("Gives the lock back, token [{}]", lease->token);
      const Message request(release, config.self, lease->token);
      co_await call(env, config.locks, patience, request);
    }
    const auto slept =
        co_await env.clock.sleep_for(draws.between(poll_pause_least, poll_pause_most));
    if (!slept) co_return;
  }
}

}  // namespace piccolo::zoo
