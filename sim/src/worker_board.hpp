#pragma once

// What a campaign and its worker processes see of each other without asking: memory that they
// share.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace piccolo::sim {

// What one worker is at. Written by the worker; it stays readable when the worker is dead.
struct WorkerSlot {
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  std::atomic<std::uint64_t> position{none};  // of the seed that it runs, in the campaign
  std::atomic<std::int64_t> since{0};         // steady clock, nanoseconds: when this run began
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

class WorkerBoard {
 public:
  // Throws `std::system_error` when there is no memory.
  explicit WorkerBoard(std::size_t workers);
  ~WorkerBoard();
  WorkerBoard(const WorkerBoard&) = delete;
  WorkerBoard& operator=(const WorkerBoard&) = delete;

  WorkerSlot& slot(std::size_t worker) noexcept { return slots_[worker]; }

 private:
  std::size_t bytes_;
  void* memory_;
  std::span<WorkerSlot> slots_;
};

}  // namespace piccolo::sim
