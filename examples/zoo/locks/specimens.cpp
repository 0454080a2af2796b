#include <fmt/format.h>

#include <string>
#include <utility>

#include "locks/lock_service.hpp"
#include "locks/worker.hpp"
#include "zoo.hpp"

namespace piccolo::zoo {
namespace {

using sim::Parameter;
using sim::Simulation;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t port = 7000;
constexpr std::int64_t renewals_many = 1000;
constexpr std::int64_t drift_most = 100'000;  // ppm: what faults do as well, and workers allow for

void add_workers(Simulation& sim, WorkerConfig config) {
  const auto workers = static_cast<std::uint64_t>(sim.parameters().count("workers"));
  config.renewals_max = sim.parameters().count("renewals");
  config.work_most = sim.parameters().time("work");
  for (std::uint64_t number = 1; number <= workers; ++number) {
    config.self = number;
    const std::string name = fmt::format("w{}", number);
    sim.add_node(sim.add_host(name), name, [config](Env& env) { return lock_worker(env, config); });
  }
}

// Between one host and the next clocks differ all the time, and not only while faults strike.
void drift_clocks(Simulation& sim) {
  const auto most = static_cast<std::uint64_t>(sim.parameters().count("drift"));
  if (most == 0) return;
  Draws draws = sim.random().stream("drift");
  for (HostId host = 0; host < sim.world().host_count(); ++host) {
    const auto ppm = static_cast<std::int32_t>(draws.below(2 * most + 1));
    sim.world().drift_clock(host, ppm - static_cast<std::int32_t>(most));
  }
}

// No core: there is one lock service and one store.
void build(Simulation& sim, LockMistake mistake) {
  auto* const ledger = &sim.keep<LockLedger>();
  const HostId locks = sim.add_host("locks");
  const HostId store = sim.add_host("store");
  const Endpoint locks_at(sim.world().host_address(locks), port);
  const Endpoint store_at(sim.world().host_address(store), port);
  const LockConfig lock_config{locks_at, sim.parameters().time("lease"), &sim.keep<LockDisk>(),
                               ledger, mistake};
  const StoreConfig store_config{store_at, &sim.keep<StoreDisk>(), ledger, mistake};
  sim.add_node(locks, "locks", [lock_config](Env& env) { return lock_service(env, lock_config); });
  sim.add_node(store, "store",
               [store_config](Env& env) { return guarded_store(env, store_config); });
  add_workers(sim, WorkerConfig{locks_at, store_at, 0, 0, Duration(0), ledger, mistake});
  drift_clocks(sim);
  ledger->declare(sim);
  sim.sometimes("a lease runs out");
  sim.sometimes("a late write is turned away");
}

struct Terms {
  Duration lease = milliseconds(1500);
  std::int64_t renewals = renewals_many;
  Duration work = seconds(4);
  std::int64_t drift = 0;
};

sim::WorldDescription world(std::string name, std::string about, const Terms& terms) {
  sim::WorldDescription world;
  world.name = std::move(name);
  world.about = std::move(about);
  world.parameters = {Parameter::count("workers", "Workers that share the lock", 3, 1, 16),
                      Parameter::time("lease", "For how long the lock is granted", terms.lease,
                                      milliseconds(100), seconds(60)),
                      Parameter::count("renewals", "How often a worker renews a lease at most",
                                       terms.renewals, 0, renewals_many),
                      Parameter::time("work", "For how long a worker needs the lock at most",
                                      terms.work, milliseconds(1), seconds(10)),
                      Parameter::count("drift", "How many ppm a clock may be too fast or too slow",
                                       terms.drift, 0, drift_most)};
  world.duration = seconds(20);
  return world;
}

Specimen specimen(std::string name, std::string about, LockMistake mistake, std::string invariant,
                  const Terms& terms = {}) {
  Specimen result;
  result.broken = world("locks." + name, std::move(about), terms);
  result.correct = world("locks." + name + ".fixed",
                         "a lock with leases that end early for workers, and fenced writes", terms);
  result.broken.build = [mistake](Simulation& sim) { build(sim, mistake); };
  result.correct.build = [](Simulation& sim) { build(sim, LockMistake::none); };
  result.invariant = std::move(invariant);
  return result;
}

}  // namespace

std::vector<Specimen> lock_specimens() {
  std::vector<Specimen> all;
  // Without renewals each long job comes to the end of its lease, where clocks matter.
  all.push_back(specimen("wall-clock", "a lease lasts until a time on two machines' wall clocks",
                         LockMistake::wall_clock, "one holder",
                         Terms{milliseconds(1500), 0, seconds(6), 0}));
  all.push_back(specimen("clock-drift", "a worker takes its clock to be as fast as the service's",
                         LockMistake::no_margin, "one holder",
                         Terms{seconds(4), 0, seconds(10), drift_most}));
  all.push_back(specimen("paused-holder", "the store takes writes of leases that are long over",
                         LockMistake::no_fencing, "no late write"));
  all.push_back(specimen("never-steps-down", "a worker goes on although its renewals fail",
                         LockMistake::never_steps_down, "one holder"));
  all.push_back(specimen("leaked-grant", "a grant that never reaches its worker never ends",
                         LockMistake::unconfirmed_grants, "the lock moves on"));
  all.push_back(specimen("reused-token", "a lock service that restarts counts its tokens anew",
                         LockMistake::forgets_tokens, "tokens grow"));
  return all;
}

}  // namespace piccolo::zoo
