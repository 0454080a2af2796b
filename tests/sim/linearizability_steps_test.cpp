// How much work a check is, in steps: what takes seconds would take millions. The bounds are about
// twice what was needed when they were written.

#include "history_script.hpp"
#include "piccolo/sim/linearizability.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using sim::Verdict;

template <class Real>
sim::LinearizabilityResult checked(const Workload& load, std::uint64_t seed) {
  const auto result = sim::check_linearizable(real_history<Real>(load, seed));
  INFO("seed " << seed << ", " << result.steps << " steps\n" << result.explanation);
  CHECK(result.verdict == Verdict::linearizable);
  return result;
}

// The last answer of a get or read becomes one that nobody can have given.
template <class Model>
sim::History<Model> spoiled(const sim::History<Model>& history) {
  using Kind = typename Model::Output::Kind;
  const auto events = events_of(history);
  std::size_t last = events.size();
  for (std::size_t index = 0; index < events.size(); ++index) {
    const auto& output = history.operations()[events[index].operation].output;
    if (events[index].is_return && output->kind == Kind::got) last = index;
  }
  sim::History<Model> result;
  for (std::size_t index = 0; index < events.size(); ++index) {
    const auto& recorded = history.operations()[events[index].operation];
    if (!events[index].is_return) {
      result.call(recorded.client, recorded.input, recorded.called_at);
      continue;
    }
    auto output = *recorded.output;
    if (index == last) output.value = -1;
    result.returned(static_cast<sim::OperationId>(events[index].operation), output,
                    recorded.returned_at);
  }
  return result;
}

}  // namespace

TEST_CASE("a map of 50 keys with 10,000 operations of 10 clients takes 40,000 steps at most") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Workload load{.operations = 10'000, .clients = 10, .values = 50};
    CHECK(checked<RealMap>(load, seed).steps < 40'000);
    Workload lossy = load;
    lossy.lost_percent = 2;
    CHECK(checked<RealMap>(lossy, seed).steps < 40'000);
  }
}

TEST_CASE("a map of one key with 10,000 operations of 10 clients takes 100,000 steps at most") {
  const Workload load{.operations = 10'000, .clients = 10, .values = 1};
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    CHECK(checked<RealMap>(load, seed).steps < 100'000);
}

TEST_CASE("a register with unknown outcomes takes few steps") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Workload load{.operations = 1'000, .clients = 8, .values = 5, .lost_percent = 2};
    CHECK(checked<RealRegister>(load, seed).steps < 20'000);
    load.values = 1'000;
    CHECK(checked<RealRegister>(load, seed).steps < 200'000);
  }
}

TEST_CASE("a violation at the end of a long history is found in bounded steps") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Workload registers{.operations = 1'000, .clients = 8, .values = 1'000, .lost_percent = 2};
    const auto one = sim::check_linearizable(spoiled(real_history<RealRegister>(registers, seed)));
    CHECK(one.verdict == Verdict::not_linearizable);
    CHECK(one.steps < 800'000);
    const Workload keys{.operations = 10'000, .clients = 10, .values = 50};
    const auto map = sim::check_linearizable(spoiled(real_history<RealMap>(keys, seed)));
    CHECK(map.verdict == Verdict::not_linearizable);
    CHECK(map.steps < 40'000);
  }
}

TEST_CASE("many unknown writes that nobody saw cost a step each and no more") {
  Script<Register> script;
  for (int index = 1; index <= 100; ++index) script.call("a", Register::write(index));
  for (int index = 0; index < 20; ++index) script.did("b", Register::read(), Register::got(0));
  CHECK(sim::check_linearizable(script.history).steps < 100);
  script.did("b", Register::read(), Register::got(-1));
  const auto result = sim::check_linearizable(script.history);
  CHECK(result.verdict == Verdict::not_linearizable);
  CHECK(result.steps < 30'000);
}

TEST_CASE("unknown writes of one value do not multiply") {
  Script<Register> script;
  for (int index = 0; index < 16; ++index) script.call("a", Register::write(1));
  for (int index = 0; index < 8; ++index) {
    script.did("b", Register::read(), Register::got(1));
    script.did("b", Register::write(2), Register::done());
  }
  script.did("b", Register::read(), Register::got(-1));
  const auto result = sim::check_linearizable(script.history);
  CHECK(result.verdict == Verdict::not_linearizable);
  CHECK(result.steps < 1'000);
}

}  // namespace piccolo::test
