#include "piccolo/core/executor.hpp"

#include <fmt/format.h>

#include <vector>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo {

Executor::Executor(ReadyOrder order, std::uint64_t seed, RunnableHook* hook)
    : order_(order), seed_(seed), hook_(hook) {}

Executor::~Executor() {
  PICCOLO_ASSERT(live_fibers_ == 0, "an executor was destroyed before its fibers");
}

void Executor::post(Fiber& fiber) noexcept {
  const bool was_idle = ready_.empty();
  ready_.push(ready_key(fiber), fiber);
  if (was_idle && hook_ != nullptr) hook_->became_runnable(*this);
}

std::uint64_t Executor::ready_key(Fiber& fiber) noexcept {
  ++posted_;
  ++fiber.times_ready_;
  if (order_ == ReadyOrder::fifo) return posted_;
  return mix64(mix(seed_, fiber.id_) + golden_gamma * fiber.times_ready_);
}

bool Executor::run_one() {
  if (ready_.empty()) return false;
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
