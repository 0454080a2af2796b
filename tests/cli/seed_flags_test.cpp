// Seeds, shards and the variables of engines, as `sim` reads them.

#include "seed_flags.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "catch.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

constexpr const char* variables[] = {
    "SLURM_ARRAY_TASK_ID",    "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT",
    "SLURM_ARRAY_TASK_STEP",  "TEST_SHARD_INDEX",     "TEST_TOTAL_SHARDS",
    "TEST_SHARD_STATUS_FILE", "GTEST_SHARD_INDEX",    "GTEST_TOTAL_SHARDS",
    "JOB_COMPLETION_INDEX",   "PICCOLO_SHARDS",       "CI_NODE_INDEX",
    "CI_NODE_TOTAL"};

// Only these are set; gone when the test is over.
struct Environment {
  using Settings = std::vector<std::pair<const char*, const char*>>;
  explicit Environment(const Settings& settings) {
    clear();
    for (const auto& [name, value] : settings) ::setenv(name, value, 1);
  }
  ~Environment() { clear(); }
  static void clear() {
    for (const char* const name : variables) ::unsetenv(name);
  }
};

Shard shard_with(const Environment::Settings& settings) {
  const Environment environment(settings);
  return choose_shard(std::nullopt).shard;
}

}  // namespace

TEST_CASE("without a word of shards there are none") {
  CHECK(shard_with({}) == Shard{0, 1});
  CHECK(shard_with({{"SLURM_ARRAY_TASK_ID", "3"}}) == Shard{0, 1});
  CHECK(shard_with({{"JOB_COMPLETION_INDEX", "3"}}) == Shard{0, 1});
}

TEST_CASE("each engine's variables name the shard") {
  CHECK(shard_with({{"SLURM_ARRAY_TASK_ID", "3"}, {"SLURM_ARRAY_TASK_COUNT", "8"}}) == Shard{3, 8});
  CHECK(shard_with({{"SLURM_ARRAY_TASK_ID", "3"},
                    {"SLURM_ARRAY_TASK_MIN", "1"},
                    {"SLURM_ARRAY_TASK_COUNT", "8"}}) == Shard{2, 8});
  CHECK(shard_with({{"SLURM_ARRAY_TASK_ID", "14"},
                    {"SLURM_ARRAY_TASK_MIN", "10"},
                    {"SLURM_ARRAY_TASK_STEP", "2"},
                    {"SLURM_ARRAY_TASK_COUNT", "3"}}) == Shard{2, 3});
  CHECK(shard_with({{"TEST_SHARD_INDEX", "0"}, {"TEST_TOTAL_SHARDS", "2"}}) == Shard{0, 2});
  CHECK(shard_with({{"GTEST_SHARD_INDEX", "1"}, {"GTEST_TOTAL_SHARDS", "2"}}) == Shard{1, 2});
  CHECK(shard_with({{"JOB_COMPLETION_INDEX", "7"}, {"PICCOLO_SHARDS", "8"}}) == Shard{7, 8});
  CHECK(shard_with({{"CI_NODE_INDEX", "1"}, {"CI_NODE_TOTAL", "4"}}) == Shard{0, 4});
}

TEST_CASE("the first complete pair counts, and --shard goes before all") {
  const Environment::Settings several{{"SLURM_ARRAY_TASK_ID", "3"},
                                      {"GTEST_SHARD_INDEX", "1"},
                                      {"GTEST_TOTAL_SHARDS", "2"},
                                      {"CI_NODE_INDEX", "1"},
                                      {"CI_NODE_TOTAL", "4"}};
  CHECK(shard_with(several) == Shard{1, 2});
  const Environment environment(several);
  CHECK(choose_shard("3/5").shard == Shard{2, 5});
  CHECK(choose_shard("none").shard == Shard{0, 1});
}

TEST_CASE("variables that make no sense are refused by name") {
  const Environment::Settings wrong[] = {
      {{"SLURM_ARRAY_TASK_ID", "8"}, {"SLURM_ARRAY_TASK_COUNT", "8"}},
      {{"CI_NODE_INDEX", "0"}, {"CI_NODE_TOTAL", "4"}},
      {{"GTEST_SHARD_INDEX", "x"}, {"GTEST_TOTAL_SHARDS", "2"}},
      {{"GTEST_SHARD_INDEX", "0"}, {"GTEST_TOTAL_SHARDS", "0"}},
      {{"SLURM_ARRAY_TASK_ID", "1"},
       {"SLURM_ARRAY_TASK_COUNT", "8"},
       {"SLURM_ARRAY_TASK_STEP", "0"}}};
  for (const auto& settings : wrong) {
    const Environment environment(settings);
    CHECK_THROWS_AS(choose_shard(std::nullopt), UsageError);
  }
}

TEST_CASE("Bazel's status file is touched") {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("piccolo-shard-status-" + std::to_string(::getpid()));
  std::filesystem::remove(path);
  CHECK(shard_with({{"TEST_SHARD_INDEX", "0"},
                    {"TEST_TOTAL_SHARDS", "2"},
                    {"TEST_SHARD_STATUS_FILE", path.c_str()}}) == Shard{0, 2});
  CHECK(std::filesystem::exists(path));
  std::filesystem::remove(path);
}

TEST_CASE("shards as typed are counted from 1") {
  CHECK(choose_shard("1/1").shard == Shard{0, 1});
  CHECK(choose_shard("8/8").shard == Shard{7, 8});
  for (const char* const wrong :
       {"0/8", "9/8", "1", "1/", "/8", "1/0", "a/b", "1/8/2", "-1/8", ""}) {
    CHECK_THROWS_AS(choose_shard(wrong), UsageError);
  }
}

TEST_CASE("a commit moves the seeds to a place of its own") {
  const SeedRange moved = seeds_from_commit("ba2d4ce34e741725af3e0c5599595056efe93267", {1, 100});
  CHECK(moved.first == 0xba2d4ce34e741 + 1);
  CHECK(moved.last == 0xba2d4ce34e741 + 100);
  CHECK(seeds_from_commit("BA2D", {0, 0}).first == 0xba2d);
  for (const char* const wrong : {"", "ba2", "xyzw", "ba2d4ce34e741725z", "0xba2d"}) {
    CHECK_THROWS_AS(seeds_from_commit(wrong, {1, 100}), UsageError);
  }
  CHECK_THROWS_AS(seeds_from_commit("ffffffffffffff", {1, UINT64_MAX}), UsageError);
}

TEST_CASE("seeds may be hexadecimal") {
  CHECK(parse_seed("--seed", "0x1f") == 31);
  CHECK(parse_seeds("0x10..0x1f").size() == 16);
  for (const char* const wrong : {"0x", "1f", "0xg", "0x10000000000000000"}) {
    CHECK_THROWS_AS(parse_seed("--seed", wrong), UsageError);
  }
}

TEST_CASE("shares of seeds to check are none, all or percent") {
  CHECK(parse_check_share("none") == 0);
  CHECK(parse_check_share("all") == 1'000'000);
  CHECK(parse_check_share("5%") == 50'000);
  for (const char* const wrong : {"", "5", "0%", "101%", "%", "5 %"}) {
    CHECK_THROWS_AS(parse_check_share(wrong), UsageError);
  }
}

}  // namespace piccolo::sim
