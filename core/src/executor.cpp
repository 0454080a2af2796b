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
}

void Executor::post(Fiber& fiber) noexcept {
  const bool was_idle = ready_.empty();
  if (was_idle) resumed_ = 0;
  ready_.push(ready_key(fiber), fiber);
  if (was_idle && hook_ != nullptr) hook_->became_runnable(*this);
}

std::uint64_t Executor::ready_key(Fiber& fiber) noexcept {
  ++posted_;
  ++fiber.times_ready_;
  switch (order_.policy) {
    case ReadyOrder::Policy::fifo:
      return posted_;
    case ReadyOrder::Policy::random:
      return mix64(mix(seed_, fiber.id_) + golden_gamma * fiber.times_ready_);
    case ReadyOrder::Policy::pct:
      return resumed_ < patience ? priority(fiber) : last | posted_;
  }
  return posted_;
}

std::uint64_t Executor::priority(const Fiber& fiber) const noexcept {
  return fiber.fallen_to_ != 0 ? fiber.fallen_to_ : mix(seed_, fiber.id_) >> 2U;
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

bool Executor::run_one() {
  if (ready_.empty()) return false;
  if (order_.policy == ReadyOrder::Policy::pct && ready_.size() > 1) change_priorities();
  ++resumed_;
  Fiber& fiber = ready_.pop();
  PICCOLO_ASSERT(current_ == nullptr, "an executor was run from within one of its own fibers");
  current_ = &fiber;
  fiber.resume_at_.resume();
  current_ = nullptr;
  if (current_finished_) {
    current_finished_ = false;
    fiber.owner_.fiber_finished(fiber);
  }
  return true;
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
