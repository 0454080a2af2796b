// Seeds per second of a campaign on two cores and on one, in real time: how well it scales.

#include <array>
#include <thread>

#include "piccolo/sim/campaign.hpp"
#include "support/core.hpp"
#include "support/machine.hpp"
#include "support/pair.hpp"
#include "work/chatter.hpp"

namespace piccolo::bench {
namespace {

constexpr unsigned cores = 2;
constexpr std::uint64_t seeds = 4000;  // of a turn

struct Sums {
  CpuUse use;
  double seeds = 0;
};

Cost campaign(const sim::WorldDescription& world, std::uint64_t count, unsigned jobs, Sums& sums) {
  sim::CampaignOptions options;
  options.seeds = sim::SeedRange{1, count};
  options.jobs = jobs;
  const CpuUse before = cpu_use();
  const sim::CampaignResult result = sim::run_campaign(world, sim::Scenario(world), options);
  const CpuUse use = cpu_use() - before;
  sums.use.wall += use.wall;
  sums.use.own += use.own;
  sums.use.everybody += use.everybody;
  sums.seeds += static_cast<double>(result.totals.runs);
  return Cost{use.wall, result.failed == 0 ? result.totals.runs : 0};
}

// On each of the cores alone: the rate is the mean of theirs, since they need not be alike.
Cost on_one(const sim::WorldDescription& world, Sums& sums) {
  double rate = 0;
  std::uint64_t items = 0;
  for (unsigned number = 0; number < cores; ++number) {
    const OnCore here(core(static_cast<int>(number)));
    const Cost cost = campaign(world, seeds / cores, 1, sums);
    if (cost.items == 0) return cost;
    items += cost.items;
    rate += 1 / cost.per_item() / cores;
  }
  return Cost{static_cast<double>(items) / rate, items};
}

// `ratio` is the rate on two cores over that on one, whatever others did meanwhile. `cpu_ratio` is
// what it would be if they had done nothing: twice the CPU time of a seed on one over that on two.
void threads(benchmark::State& state) {
  if (std::thread::hardware_concurrency() < cores) return state.SkipWithError("takes two cores");
  const sim::WorldDescription world = chatter_world({});
  std::array<Sums, 2> sums;
  compare(
      state, [&] { return campaign(world, seeds, cores, sums[1]); },
      [&] { return on_one(world, sums[0]); }, Ratio::rate);
  state.counters["cpu_ratio"] =
      cores * (sums[0].use.own / sums[0].seeds) / (sums[1].use.own / sums[1].seeds);
  state.counters["busy_with_us"] = sums[1].use.own / sums[1].use.wall;
  state.counters["busy_with_others"] = sums[1].use.others();
  state.counters["busy_with_others_on_one"] = sums[0].use.others();
  state.counters["load"] = load();
}
BENCHMARK(threads)->Iterations(7)->UseManualTime();

}  // namespace
}  // namespace piccolo::bench
