#pragma once

// Runs candidates, several at a time, and says which is the first to break the same invariant. What
// it says does not depend on how many threads there are, unless the time is over.

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/sim/shrink.hpp"

namespace piccolo::sim {

class Trials {
 public:
  // How many other seeds stand guard that what is simpler breaks no less surely.
  static constexpr unsigned guards = 8;
  static constexpr unsigned guards_enough = 6;  // more than that need not break

  Trials(const WorldDescription& world, std::uint64_t seed, const RunResult& original,
         const ShrinkOptions& options);

  struct Hit {
    std::size_t index = 0;
    Violation violation;
    std::uint64_t events = 0;
  };
  // The first candidate that breaks, by the guards' seeds `guards_min` times at least.
  std::optional<Hit> first(const std::vector<Scenario>& candidates,
                           std::optional<unsigned> guards_min = std::nullopt);
  struct Others {
    unsigned tried = 0;
    unsigned broken = 0;
  };
  // How many of the guards' seeds break, but for what is more than enough.
  unsigned guards_broken(const Scenario& scenario) const;
  // How many of that many other seeds break. Not all are tried when the time is well over.
  Others try_others(const Scenario& scenario, unsigned count) const;

  bool over() const noexcept { return end_ != ShrinkEnd::smallest; }
  ShrinkEnd end() const noexcept { return end_; }
  std::uint64_t runs() const noexcept { return runs_; }
  Duration elapsed() const { return std::chrono::steady_clock::now() - start_; }
  // What to call between runs.
  void report_to(std::function<void()> call) { report_ = std::move(call); }

 private:
  struct Outcome {
    bool breaks = false;
    Violation violation;
    std::uint64_t events = 0;
    std::vector<bool> guards;  // which of the first other seeds break; as many as had to be asked
  };
  // What the guards say: how many had to be asked until it was clear, and how many broke.
  struct Watch {
    unsigned asked = 0;
    unsigned broken = 0;
    bool clear = false;
    bool passed = false;
  };
  struct Batch;

  static Watch watch(const Outcome& outcome, std::optional<unsigned> guards_min);
  static bool fits(const Outcome& outcome, std::optional<unsigned> guards_min);

  std::optional<RunResult> run(const Scenario& scenario, std::uint64_t seed) const;
  bool breaks(const std::optional<RunResult>& run) const;
  Outcome judge(const Scenario& scenario, const std::string& key,
                std::optional<unsigned> guards_min);
  void work(Batch& batch, bool reports);
  bool must_end() const;
  ShrinkEnd why_it_must() const;
  std::size_t affordable(const std::vector<std::string>& keys, bool with_guards) const;
  void charge(const std::string& key, const Outcome& outcome, std::optional<unsigned> guards_min);

  const WorldDescription& world_;
  const std::uint64_t seed_;
  const std::string invariant_;
  const bool liveness_;
  const std::uint64_t events_max_;
  const ShrinkOptions& options_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::function<void()> report_;
  std::mutex mutex_;  // guards what is known while threads work
  std::map<std::string, Outcome> known_;
  std::map<std::string, unsigned> charged_;  // and how many of its guards
  std::uint64_t runs_ = 0;
  ShrinkEnd end_ = ShrinkEnd::smallest;
};

}  // namespace piccolo::sim
