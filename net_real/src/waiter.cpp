#include "waiter.hpp"

#include <utility>

namespace piccolo::real {

Result<WatchedSocket> watch(boost::asio::io_context& io, FileDescriptor socket) {
  WatchedSocket watched(io);
  boost::system::error_code error;
  if (watched.assign(socket.get(), error))
    return failure(std::error_code(error.value(), std::generic_category()));
  static_cast<void>(socket.release());
  return watched;
}

class Waiter::Handler {
 public:
  using allocator_type = HandlerAllocator<void>;

  Handler(Waiter& waiter, Direction direction) noexcept : waiter_(&waiter), direction_(direction) {}

  allocator_type get_allocator() const noexcept {
    return allocator_type(waiter_->memory_[static_cast<std::size_t>(direction_)]);
  }

  // Whatever the error: trying finds out more.
  void operator()(const boost::system::error_code&) {
    waiter_->waiting_[static_cast<std::size_t>(direction_)] = false;
    if (waiter_->socket_.is_open()) waiter_->ready(direction_);
  }

 private:
  boost::intrusive_ptr<Waiter> waiter_;
  Direction direction_;
};

void Waiter::wait(Direction direction) {
  if (std::exchange(waiting_[static_cast<std::size_t>(direction)], true)) return;
  const auto what =
      direction == Direction::read ? WatchedSocket::wait_read : WatchedSocket::wait_write;
  socket_.async_wait(what, Handler(*this, direction));
}

void Waiter::close() noexcept {
  boost::system::error_code error;
  [[maybe_unused]] const auto same = socket_.close(error);
}

}  // namespace piccolo::real
