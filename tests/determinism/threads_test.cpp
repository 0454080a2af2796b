#include <thread>

#include "catch.hpp"
#include "outcome.hpp"

namespace piccolo::determinism {
namespace {

constexpr std::uint64_t count = 40 / slowdown;

test::Cluster world_of(std::uint32_t nodes) {
  return test::Cluster(nodes, FaultSet::all(), std::chrono::seconds(10));
}

}  // namespace

TEST_CASE("worlds on two threads do not notice each other") {
  const test::Cluster small = world_of(3);
  const test::Cluster large = world_of(6);
  const auto small_alone = outcomes(small, 1, count);
  const auto large_alone = outcomes(large, 1, count);
  std::vector<std::string> small_beside;
  std::vector<std::string> large_beside;
  {
    const std::jthread one([&] { small_beside = outcomes(small, 1, count); });
    const std::jthread other([&] { large_beside = outcomes(large, 1, count); });
  }
  CHECK(small_beside == small_alone);
  CHECK(large_beside == large_alone);
}

TEST_CASE("one seed at the same time on four threads does the same on each") {
  const test::Cluster options = world_of(4);
  std::vector<std::vector<std::string>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& place : found) {
      threads.emplace_back([&place, &options] { place = outcomes(options, 11, count / 4); });
    }
  }
  for (const auto& texts : found) CHECK(texts == found.front());
}

}  // namespace piccolo::determinism
