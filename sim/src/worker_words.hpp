#pragma once

// What a worker process writes to standard error, as its campaign hears it: the words of runs that
// came to their ends are for whoever watches, those of a run that took the process with it are part
// of what it found. Words and results come on different ways, so the words that are heard are held
// back until the run that was under way then is known to have ended.

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace piccolo::sim {

class WorkerWords {
 public:
  // `position`: of the run that was under way when they had been heard, or `WorkerSlot::none`.
  void hear(const std::string& words, std::uint64_t position) {
    if (words.empty()) return;
    append(fresh_, words);
    fresh_until_ = position;
  }

  // What is known to come from runs that ended. `is_over(position)`: did that run?
  template <class IsOver>
  std::string take_settled(IsOver is_over) {
    std::string words;
    // New words do not keep back the old ones.
    for (int generation = 0; generation < 2; ++generation) {
      if (!settling_.empty() && !is_over(settling_until_)) break;
      words += std::exchange(settling_, std::exchange(fresh_, {}));
      settling_until_ = fresh_until_;
    }
    return words;
  }

  // All that there is; the last words are those of the run that ended the process.
  std::string take_all() {
    append(settling_, std::exchange(fresh_, {}));
    return std::exchange(settling_, {});
  }

 private:
  static constexpr std::size_t kept = std::size_t{64} * 1024;

  static void append(std::string& to, const std::string& words) {
    to += words;
    if (to.size() > kept) to.erase(0, to.size() - kept);
  }

  std::string settling_;
  std::uint64_t settling_until_ = ~std::uint64_t{0};
  std::string fresh_;
  std::uint64_t fresh_until_ = ~std::uint64_t{0};
};

}  // namespace piccolo::sim
