// A share is a share: what a link does to one packet in a hundred it does to about one in a
// hundred, and to the others nothing.

#include <algorithm>
#include <cmath>

#include "datagram_lab.hpp"

namespace piccolo::test {
namespace {

using conformance::read;
using conformance::write;

constexpr std::uint32_t one_percent = ppm_always / 100;

// How many of `count` datagrams, a millisecond apart, arrive.
std::size_t arrived(std::uint64_t seed, int count, const std::function<void(Lab&)>& trouble) {
  Lab lab(WorldOptions(), seed);
  trouble(lab);
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab, count, milliseconds(1)); });
  lab.run_for(minutes(1));
  return lab.diary.lines().size();
}

// Is it what `count` draws of `share` give? Four standard deviations: one seed in 16,000 is beyond.
bool is_about(double found, double count, double share) {
  const double expected = count * share;
  return std::abs(found - expected) <= 4 * std::sqrt(expected * (1 - share));
}

TEST_CASE("a link that loses one datagram in a hundred loses about one in a hundred") {
  constexpr int count = 2000;
  constexpr int seeds = 20;
  double lost = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto own = [](Lab& in) {
      LinkOptions options;
      options.loss_ppm = one_percent;
      set_both(in, options);
    };
    const double of_link = count - static_cast<double>(arrived(seed, count, own));
    CHECK(is_about(of_link, count, 0.01));
    lost += of_link;
  }
  CHECK(is_about(lost, seeds * count, 0.01));  // 400, give or take 80
}

TEST_CASE("a fault that loses, doubles or reorders a share does so to about that share") {
  constexpr int count = 5000;
  for (const std::uint32_t ppm : {10'000U, 100'000U, 500'000U}) {
    const double share = static_cast<double>(ppm) / ppm_always;
    INFO(ppm);
    const auto loses = [&](Lab& in) { in.world.add_loss(in.client, in.server, ppm); };
    CHECK(is_about(count - static_cast<double>(arrived(1, count, loses)), count, share));
    const auto doubles = [&](Lab& in) { in.world.add_duplication(in.client, in.server, ppm); };
    CHECK(is_about(static_cast<double>(arrived(2, count, doubles)) - count, count, share));
    const auto reorders = [&](Lab& in) {
      in.world.add_reordering(in.client, in.server, ppm, milliseconds(1));
    };
    CHECK(arrived(3, count, reorders) == count);
  }
}

// Connects again and again, and notes how long each took in whole seconds, or its error.
Task<void> connects_often(Env& env, Lab* lab, int count, Lines* outcomes) {
  for (int number = 0; number < count; ++number) {
    const TimePoint start = env.clock.now();
    const auto stream = co_await env.network.connect(lab->at_server());
    const auto took = std::chrono::floor<seconds>(env.clock.now() - start);
    outcomes->push_back(stream ? std::to_string(took.count()) + "s" : error_name(stream.error()));
  }
}

TEST_CASE("where one packet in a hundred is lost, connects are late now and then, never refused") {
  constexpr int count = 1000;
  Lab lab;
  lab.world.add_loss(lab.client, lab.server, one_percent);
  lab.world.add_loss(lab.server, lab.client, one_percent);
  Lines outcomes;
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return connects_often(env, &lab, count, &outcomes); });
  lab.run_for(minutes(20));
  REQUIRE(outcomes.size() == count);
  // The SYN or its answer.
  const auto at_once = std::count(outcomes.begin(), outcomes.end(), "0s");
  CHECK(is_about(count - static_cast<double>(at_once), count, 0.0199));
  for (const std::string& outcome : outcomes) CHECK(outcome.ends_with("s"));
}

// Echoes a word `count` times over a way that long; each takes one round trip.
Lines echoes_over(Duration one_way, int count) {
  Lab lab;
  LinkOptions options;
  options.latency.base = one_way;
  set_both(lab, options);
  lab.run(lab.server, [&](Env& env) { return echoes(env, &lab); });
  lab.run(lab.client, [&, count](Env& env) -> Task<void> {
    return [](Env& with, Lab* in, int times) -> Task<void> {
      Stream stream = co_await conformance::connect_or_throw(with, in->at_server());
      for (int number = 0; number < times; ++number) {
        co_await write(&stream, "word");
        const std::string got = co_await read(&stream);
        in->diary.note(with, got);
      }
    }(env, &lab, count);
  });
  lab.run_for(minutes(10));
  return lab.diary.lines();
}

TEST_CASE("a long way makes a stream slow, and never dead") {
  CHECK(echoes_over(microseconds(100), 2) == Lines{"400us [word]", "600us [word]"});
  CHECK(echoes_over(milliseconds(5), 2) == Lines{"20ms [word]", "30ms [word]"});
  CHECK(echoes_over(milliseconds(250), 2) == Lines{"1s [word]", "1.5s [word]"});
  CHECK(echoes_over(seconds(10), 2) == Lines{"40s [word]", "60s [word]"});
}

}  // namespace
}  // namespace piccolo::test
