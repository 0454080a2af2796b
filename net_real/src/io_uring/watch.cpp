#include "watch.hpp"

#include <utility>

#include "waiter.hpp"

namespace piccolo::real {

Result<WatchedSocket> watch(boost::asio::io_context& io, FileDescriptor socket) {
  WatchedSocket watched(io);
  boost::system::error_code error;
  if (watched.assign(socket.get(), error))
    return failure(std::error_code(error.value(), std::generic_category()));
  static_cast<void>(socket.release());
  return watched;
}

class Watch::Handler {
 public:
  using allocator_type = HandlerAllocator<void>;

  Handler(Waiter& waiter, Watch& watch, Event event) noexcept
      : waiter_(&waiter), watch_(&watch), event_(event) {}

  allocator_type get_allocator() const noexcept {
    return allocator_type(watch_->memory_[index(event_)]);
  }

  // Whatever the error: trying finds out more.
  void operator()(const boost::system::error_code&) {
    watch_->waiting_[index(event_)] = false;
    waiter_->notify(event_);
  }

 private:
  boost::intrusive_ptr<Waiter> waiter_;
  Watch* watch_;  // the waiter's
  Event event_;
};

void Watch::wait(Waiter& waiter, Event event) {
  // Told as reading and writing, since each wait looks at how things are, not at what changes.
  if (event == Event::error) return;
  if (std::exchange(waiting_[index(event)], true)) return;
  const auto what = event == Event::read ? WatchedSocket::wait_read : WatchedSocket::wait_write;
  socket_.async_wait(what, Handler(waiter, *this, event));
}

void Watch::close() noexcept {
  boost::system::error_code error;
  [[maybe_unused]] const auto same = socket_.close(error);
}

}  // namespace piccolo::real
