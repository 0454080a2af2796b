#include "piccolo/core/executor.hpp"

#include <fmt/format.h>

#include <vector>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo {
namespace {

// The keys of pct, lowest first: fibers by the priority of their id, then those that fell, by
// level, then those that exhausted the executor's patience, in the order of becoming ready.
constexpr std::uint64_t fallen = std::uint64_t{1} << 62U;
constexpr std::uint64_t last = std::uint64_t{2} << 62U;

}  // namespace

Executor::Executor(ReadyOrder order, std::uint64_t seed, RunnableHook* hook)
    : order_(order), seed_(seed), hook_(hook) {
  if (order.policy == ReadyOrder::Policy::pct) changes_ = PriorityChanges(seed, order.depth - 1U);
}

Executor::~Executor() {
  PICCOLO_ASSERT(live_fibers_ == 0, "an executor was destroyed before its fibers");
}

void Executor::reseed(std::uint64_t seed) {
  seed_ = seed;
  changes_.redraw(seed);
  for (Fiber* fiber = all_fibers_; fiber != nullptr; fiber = fiber->all_next_) {
    fiber->order_base_ = order_base(fiber->id_);
  }
}

std::uint64_t Executor::order_base(std::uint64_t fiber_id) const noexcept {
  return mix(seed_, fiber_id);
}

// Under pct.
std::uint64_t Executor::late_key(const Fiber& fiber) const noexcept {
  if (resumed_ >= patience) return last | posted_;
  return fiber.fallen_to_ != 0 ? fiber.fallen_to_ : fiber.order_base_ >> 2U;
}

// Before a fiber is chosen of several: the first of them may fall.
void Executor::change_priorities() noexcept {
  changes_.decide();
  while (const auto level = changes_.strike()) {
    Fiber& first = ready_.pop();
    first.fallen_to_ = fallen | *level;
    ready_.push(ready_key(first), first);
  }
}

std::uint64_t Executor::run(std::uint64_t most) {
  if (ready_.empty()) return 0;
  if (order_.policy == ReadyOrder::Policy::pct && ready_.size() > 1) change_priorities();
  ++resumed_;
  Fiber& fiber = ready_.pop();
  PICCOLO_ASSERT(current_ == nullptr, "an executor was run from within one of its own fibers");
  current_ = &fiber;
  starting_ = nullptr;
  ran_ = 1;
  run_max_ = most;
  fiber.resume_at_.resume();
  run_max_ = 0;
  current_ = nullptr;
  if (current_finished_) {
    current_finished_ = false;
    fiber.owner_.fiber_finished(fiber);
  }
  return ran_;
}

std::string Executor::task_tree() const {
  std::string text;
  for (const Fiber* fiber = all_fibers_; fiber != nullptr; fiber = fiber->all_next_) {
    std::vector<const PromiseBase*> chain;
    for (const PromiseBase* task = fiber->innermost_; task != nullptr; task = task->parent) {
      chain.push_back(task);
    }
    const char* const state = fiber->queued()              ? "ready"
                              : fiber->pending_ != nullptr ? "waiting"
                                                           : "running";
    text += fmt::format("fiber {:016x} {}\n", fiber->id_, state);
    std::size_t depth = 1;
    for (auto task = chain.rbegin(); task != chain.rend(); ++task, ++depth) {
      text += fmt::format("{:{}}{} at line {}\n", "", depth * 2, (*task)->function, (*task)->line);
    }
  }
  return text;
}

}  // namespace piccolo
