// The models of a link's latency: bounds, shape, and known values.

#include <algorithm>

#include "lab.hpp"

namespace piccolo::test {
namespace {

std::vector<Duration> draws(const LatencyModel& model, std::uint64_t key, int count) {
  Draws source(key);
  std::vector<Duration> all;
  for (int number = 0; number < count; ++number) all.push_back(model.draw(source));
  return all;
}

LatencyModel model(LatencyModel::Shape shape) {
  LatencyModel made;
  made.shape = shape;
  made.base = microseconds(100);
  made.spread = microseconds(900);
  return made;
}

TEST_CASE("a constant latency is its base") {
  for (const Duration each : draws(model(LatencyModel::Shape::constant), 1, 100)) {
    CHECK(each == microseconds(100));
  }
}

TEST_CASE("a uniform latency fills its bounds evenly") {
  const auto all = draws(model(LatencyModel::Shape::uniform), 1, 100'000);
  const auto [least, most] = std::minmax_element(all.begin(), all.end());
  CHECK(*least >= microseconds(100));
  CHECK(*least < microseconds(101));
  CHECK(*most <= microseconds(1000));
  CHECK(*most > microseconds(999));
  const auto below =
      std::count_if(all.begin(), all.end(), [](Duration each) { return each < microseconds(325); });
  CHECK(below > 24'000);
  CHECK(below < 26'000);
}

TEST_CASE("a long-tailed latency is mostly its base, seldom much more, never beyond its bound") {
  auto all = draws(model(LatencyModel::Shape::long_tailed), 1, 1'000'000);
  std::sort(all.begin(), all.end());
  CHECK(all.front() == microseconds(100));
  CHECK(all[500'000] < microseconds(101));
  CHECK(all[990'000] < microseconds(110));
  CHECK(all.back() > microseconds(300));
  CHECK(all.back() <= microseconds(1000));
}

TEST_CASE("a spread of nothing is constant, whatever the shape") {
  for (const auto shape : {LatencyModel::Shape::uniform, LatencyModel::Shape::long_tailed}) {
    LatencyModel narrow = model(shape);
    narrow.spread = Duration(0);
    for (const Duration each : draws(narrow, 1, 10)) CHECK(each == microseconds(100));
  }
}

std::vector<Duration> nanoseconds(std::initializer_list<int> counts) {
  std::vector<Duration> all;
  for (const int count : counts) all.emplace_back(count);
  return all;
}

// Integers only: equal on every compiler.
TEST_CASE("known draws of latency") {
  const auto uniform = draws(model(LatencyModel::Shape::uniform), 42, 4);
  CHECK(uniform == nanoseconds({767409, 243919, 350741, 409771}));
  const auto tailed = draws(model(LatencyModel::Shape::long_tailed), 42, 4);
  CHECK(tailed == nanoseconds({100009, 100022, 100006, 100016}));
}

TEST_CASE("each direction of a link has a latency of its own") {
  Lab lab;
  LatencyModel slow;
  slow.base = milliseconds(7);
  lab.world.set_link(lab.server, lab.client, slow);
  lab.run(lab.client, [&](Env& env) { return connects(env, &lab); });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"7.1ms connection_refused"});
}

}  // namespace
}  // namespace piccolo::test
