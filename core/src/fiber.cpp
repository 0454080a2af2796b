#include "piccolo/core/fiber.hpp"

#include "piccolo/core/assert.hpp"
#include "piccolo/core/executor.hpp"
#include "piccolo/core/frame_pool.hpp"
#include "piccolo/core/operation.hpp"

namespace piccolo {

Fiber::Fiber(Executor& executor, FiberOwner& owner, PromiseBase& outermost, std::uint64_t id)
    : executor_(executor),
      owner_(owner),
      outermost_(outermost),
      innermost_(&outermost),
      resume_at_(outermost.self),
      id_(id),
      order_base_(executor.order_base(id)),
      all_next_(executor.all_fibers_) {
  outermost.fiber = this;
  if (all_next_ != nullptr) all_next_->all_previous_ = this;
  executor.all_fibers_ = this;
  ++executor.live_fibers_;
}

Fiber::~Fiber() {
  PICCOLO_ASSERT(executor_.current_ != this, "a fiber destroyed itself while it was running");
  outermost_.self.destroy();
  if (queued()) executor_.ready_.erase(*this);
  (all_previous_ != nullptr ? all_previous_->all_next_ : executor_.all_fibers_) = all_next_;
  if (all_next_ != nullptr) all_next_->all_previous_ = all_previous_;
  --executor_.live_fibers_;
}

void Fiber::request_cancel() noexcept {
  ++cancel_requests_;
  if (pending_ != nullptr) pending_->cancel();
}

void Fiber::retract_cancel() noexcept { --cancel_requests_; }

void* Fiber::operator new(std::size_t bytes) { return frame_pool::allocate(bytes); }

void Fiber::operator delete(void* memory, std::size_t bytes) noexcept {
  frame_pool::deallocate(memory, bytes);
}

}  // namespace piccolo
