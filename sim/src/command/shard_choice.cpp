// Which shard this process is. Engines that run many tasks tell each by variables of their own:
//   Slurm arrays      SLURM_ARRAY_TASK_ID, _MIN, _COUNT, _STEP  (sbatch(1))
//   Bazel             TEST_SHARD_INDEX, TEST_TOTAL_SHARDS, TEST_SHARD_STATUS_FILE (test
//   encyclopedia) GoogleTest        GTEST_SHARD_INDEX, GTEST_TOTAL_SHARDS Kubernetes
//   JOB_COMPLETION_INDEX of indexed jobs; the number of them only we can be told GitLab
//   CI_NODE_INDEX, which counts from 1, and CI_NODE_TOTAL
// The first complete pair counts.

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "piccolo/sim/usage.hpp"
#include "seed_flags.hpp"

namespace piccolo::sim {
namespace {

constexpr unsigned most_shards = 1'000'000;

struct Engine {
  const char* index;
  const char* count;
  unsigned first;     // what the index of the first shard is
  const char* base;   // a variable that says so instead, or null
  const char* step;   // a variable with the distance of two indices, or null
  const char* touch;  // a variable that names a file to touch, or null
};

constexpr std::array engines{
    Engine{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", 0, "SLURM_ARRAY_TASK_MIN",
           "SLURM_ARRAY_TASK_STEP", nullptr},
    Engine{"TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS", 0, nullptr, nullptr, "TEST_SHARD_STATUS_FILE"},
    Engine{"GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS", 0, nullptr, nullptr, nullptr},
    Engine{"JOB_COMPLETION_INDEX", "PICCOLO_SHARDS", 0, nullptr, nullptr, nullptr},
    Engine{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1, nullptr, nullptr, nullptr},
};

const char* variable(const char* name) {
  if (name == nullptr) return nullptr;
  // No other thread runs yet, nor does anything here set variables.
  return std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
}

unsigned number_of(const char* name, unsigned otherwise) {
  const char* const text = variable(name);
  if (text == nullptr) return otherwise;
  if (const auto number = parse_number(text, 0, UINT32_MAX)) return *number;
  throw UsageError(fmt::format("{}: `{}` is no number; unset it, or give --shard", name, text));
}

// Bazel's sign that the test knows of shards.
void touch(const char* name) {
  const char* const file = variable(name);
  if (file == nullptr) return;
  if (!std::ofstream(file, std::ios::app)) {
    throw UsageError(fmt::format("{}: cannot write `{}`; unset it, or give --shard", name, file));
  }
}

std::optional<ChosenShard> shard_of(const Engine& engine) {
  if (variable(engine.index) == nullptr || variable(engine.count) == nullptr) return std::nullopt;
  const unsigned count = number_of(engine.count, 1);
  const unsigned first = number_of(engine.base, engine.first);
  const unsigned step = number_of(engine.step, 1);
  const unsigned index = number_of(engine.index, 0);
  const bool fits = index >= first && step > 0 && (index - first) / step < count;
  if (!fits || count > most_shards) {
    throw UsageError(fmt::format("{} is {} and {} is {}: that is no shard; give --shard",
                                 engine.index, index, engine.count, count));
  }
  touch(engine.touch);
  return ChosenShard{Shard{(index - first) / step, count},
                     fmt::format("from {} and {}", engine.index, engine.count)};
}

ChosenShard parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    const auto index = parse_number(std::string_view(text).substr(0, slash), 1, most_shards);
    const auto count = parse_number(std::string_view(text).substr(slash + 1), 1, most_shards);
    if (index && count && *index <= *count) {
      return ChosenShard{Shard{*index - 1, *count}, "--shard"};
    }
  }
  throw UsageError(fmt::format(
      "--shard: `{}` is no shard; give the first of eight as 1/8, the last as 8/8, or none", text));
}

}  // namespace

ChosenShard choose_shard(const std::optional<std::string>& text) {
  if (text) return *text == "none" ? ChosenShard() : parse_shard(*text);
  for (const Engine& engine : engines) {
    if (auto shard = shard_of(engine)) return *shard;
  }
  return {};
}

}  // namespace piccolo::sim
