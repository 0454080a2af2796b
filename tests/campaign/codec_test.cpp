#include "property.hpp"
#include "run_result_codec.hpp"
#include "summary.hpp"

namespace piccolo::campaign_test {
namespace {

Duration any_time() { return Duration(*rc::gen::arbitrary<std::int64_t>()); }

std::vector<sim::NamedCount> any_counts() {
  std::vector<sim::NamedCount> counts(*rc::gen::inRange<std::size_t>(0, 4));
  for (auto& count : counts) {
    count.name = *rc::gen::arbitrary<std::string>();
    count.value = *rc::gen::arbitrary<std::uint64_t>();
  }
  return counts;
}

sim::RunResult any_result() {
  sim::RunResult run;
  run.seed = *rc::gen::arbitrary<std::uint64_t>();
  run.trace_hash = *rc::gen::arbitrary<std::uint64_t>();
  run.totals.runs = *rc::gen::inRange<std::uint64_t>(0, 1000);
  run.totals.events = *rc::gen::arbitrary<std::uint64_t>();
  run.totals.virtual_time = any_time();
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    auto& count = run.totals.faults[static_cast<FaultKind>(kind)];
    count.injected = *rc::gen::inRange<std::uint64_t>(0, 300);
    count.observed = *rc::gen::arbitrary<std::uint64_t>();
  }
  run.totals.counters = any_counts();
  run.totals.sometimes = any_counts();
  run.totals.sites.resize(*rc::gen::inRange<std::size_t>(0, 4));
  for (auto& site : run.totals.sites) {
    site = {*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::uint64_t>(),
            *rc::gen::arbitrary<std::uint64_t>()};
  }
  run.totals.fingerprint = *rc::gen::arbitrary<std::uint64_t>();
  if (!*rc::gen::arbitrary<bool>()) return run;
  run.violation =
      sim::Violation{*rc::gen::arbitrary<std::string>(), *rc::gen::arbitrary<std::string>(),
                     any_time(), *rc::gen::arbitrary<bool>()};
  return run;
}

}  // namespace

TEST_CASE("a run's result survives the way from one process to another") {
  rc::prop("whatever it is", [] {
    const sim::RunResult run = any_result();
    std::string bytes = "before";
    sim::encode(run, bytes);
    const auto back = sim::decode(std::string_view(bytes).substr(6));
    RC_ASSERT(back.has_value());
    RC_ASSERT(summary(*back) == summary(run));
    RC_ASSERT(back->violation.has_value() == run.violation.has_value());
  });
}

TEST_CASE("bytes that are no result of a run are not taken for one") {
  rc::prop("cut short, or too long", [] {
    std::string bytes;
    sim::encode(any_result(), bytes);
    const auto size = *rc::gen::inRange<std::size_t>(0, bytes.size());
    RC_ASSERT(!sim::decode(std::string_view(bytes).substr(0, size)));
    RC_ASSERT(!sim::decode(bytes + '\0'));
  });
  rc::prop("of another version", [] {
    std::string bytes;
    sim::encode(any_result(), bytes);
    ++bytes.front();
    RC_ASSERT(!sim::decode(bytes));
  });
  rc::prop("anything at all", [](const std::string& bytes) {
    // To see it end, and the sanitizers silent.
    const auto run = sim::decode("\1" + bytes);
    RC_ASSERT(!run || run->totals.counters.size() <= bytes.size());
  });
}

}  // namespace piccolo::campaign_test
