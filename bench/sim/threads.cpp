// Seeds per second of a campaign on two cores and on one, in real time: how well it scales.

#include <array>
#include <thread>

#include "piccolo/sim/campaign.hpp"
#include "support/machine.hpp"
#include "support/pair.hpp"
#include "work/chatter.hpp"

namespace piccolo::bench {
namespace {

constexpr unsigned cores = 2;

struct Sums {
  CpuUse use;
  double seeds = 0;
};

Cost campaign(const sim::WorldDescription& world, unsigned jobs, Sums& sums) {
  sim::CampaignOptions options;
  options.seeds = sim::SeedRange{1, 4000};
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

// `ratio` is the rate on two cores over that on one, whatever others did meanwhile. `cpu_ratio` is
// what it would be if they had done nothing: twice the CPU time of a seed on one over that on two.
void threads(benchmark::State& state) {
  if (std::thread::hardware_concurrency() < cores) return state.SkipWithError("takes two cores");
  const sim::WorldDescription world = chatter_world({});
  std::array<Sums, 2> sums;
  compare(
      state, [&] { return campaign(world, cores, sums[1]); },
      [&] { return campaign(world, 1, sums[0]); }, Ratio::rate);
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
