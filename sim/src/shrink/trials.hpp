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

  Trials(const WorldDescription& world, std::uint64_t seed, const RunResult& original,
         const ShrinkOptions& options);

  struct Hit {
    std::size_t index = 0;
    Violation violation;
    std::uint64_t events = 0;
    unsigned guards_broken = 0;  // when asked for
  };
  // The first candidate that breaks, by the guards' seeds `guards_min` times at least.
  std::optional<Hit> first(const std::vector<Scenario>& candidates,
                           std::optional<unsigned> guards_min = std::nullopt);
  // How many of that many other seeds break, whatever time is left.
  unsigned others_broken(const Scenario& scenario, unsigned count) const;

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
    std::optional<unsigned> guards_broken;
  };
  struct Batch;

  std::optional<RunResult> run(const Scenario& scenario, std::uint64_t seed) const;
  bool breaks(const std::optional<RunResult>& run) const;
  Outcome judge(const Scenario& scenario, const std::string& key, bool with_guards);
  void work(Batch& batch, bool reports);
  bool must_end() const;
  ShrinkEnd why_it_must() const;
  std::size_t affordable(const std::vector<std::string>& keys, bool with_guards) const;
  void charge(const std::string& key, const Outcome& outcome, bool with_guards);

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
  std::map<std::string, bool> charged_;  // and whether its guards were
  std::uint64_t runs_ = 0;
  ShrinkEnd end_ = ShrinkEnd::smallest;
};

}  // namespace piccolo::sim
