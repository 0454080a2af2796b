#include "piccolo/core/scope.hpp"

#include "piccolo/core/random.hpp"

namespace piccolo {

Scope::Scope(Executor& executor) noexcept : executor_(executor), opener_(executor.current()) {
  id_ = opener_ != nullptr ? mix(opener_->id(), ++opener_->children_)
                           : mix(executor.seed(), ++executor.root_scopes_);
}

Scope::~Scope() {
  while (children_ != nullptr) {
    Fiber* const child = children_;
    children_ = child->scope_next;
    delete child;
  }
  PICCOLO_ASSERT(join_ == nullptr, "a scope was destroyed while a task joined it");
  retract_from_opener();
}

void Scope::retract_from_opener() noexcept {
  if (!opener_canceled_) return;
  opener_canceled_ = false;
  opener_->retract_cancel();
}

void Scope::spawn(Task<void> task) {
  const auto frame = task.release();
  PICCOLO_ASSERT(frame, "a task was spawned twice, or after it was moved from");
  auto* const fiber = new Fiber(executor_, *this, frame.promise(), mix(id_, ++spawned_));
  fiber->scope_previous = newest_;
  (newest_ != nullptr ? newest_->scope_next : children_) = fiber;
  newest_ = fiber;
  ++size_;
  if (canceled_) fiber->request_cancel();
  executor_.post(*fiber);
}

void Scope::cancel() noexcept {
  if (canceled_) return;
  canceled_ = true;
  for (Fiber* child = children_; child != nullptr; child = child->scope_next) {
    child->request_cancel();
  }
}

void Scope::fiber_finished(Fiber& fiber) noexcept {
  (fiber.scope_previous != nullptr ? fiber.scope_previous->scope_next : children_) =
      fiber.scope_next;
  (fiber.scope_next != nullptr ? fiber.scope_next->scope_previous : newest_) = fiber.scope_previous;
  --size_;
  if (const auto exception = fiber.exception()) {
    if (!exception_) exception_ = exception;
    cancel();
    if (opener_ != nullptr && !opener_canceled_) {
      opener_canceled_ = true;
      opener_->request_cancel();
    }
  }
  delete &fiber;
  if (size_ == 0 && join_ != nullptr) {
    JoinOperation* const join = join_;
    join_ = nullptr;
    join->wake();
  }
}

JoinOperation::JoinOperation(const Scope::Join& description) noexcept
    : scope_(*description.scope) {}

JoinOperation::~JoinOperation() {
  if (!pending()) return;
  scope_.join_ = nullptr;
  drop();
}

}  // namespace piccolo
