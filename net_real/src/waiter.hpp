#pragma once

// A socket and the wait for it to become readable or writable. All input and output is done by
// readiness: Asio is only asked to say when, and the system call then works on the buffer of
// whatever operation is pending at that time. So an operation that was canceled or destroyed leaves
// nobody with a pointer to its buffer.

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <utility>

#include "watch.hpp"  // of the folder of Asio's backend: epoll or io_uring

namespace piccolo::real {

// Counted: one reference for whoever uses the socket and one for each wait under way, since Asio
// may come back to it after its backend was released. All of it on the loop's thread.
class Waiter : public boost::intrusive_ref_counter<Waiter, boost::thread_unsafe_counter> {
 public:
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  virtual ~Waiter() = default;

  // By the watch: it may have happened.
  void notify(Event event) {
    if (open_) ready(event);
  }

 protected:
  explicit Waiter(WatchedSocket socket) noexcept : watch_(std::move(socket)) {}

  // Calls `ready` later. Asking again while waiting changes nothing.
  void wait(Event event) { watch_.wait(*this, event); }
  // It may have happened: try, and wait again if it has not. Also called when nobody waits.
  virtual void ready(Event event) = 0;

  int fd() noexcept { return watch_.fd(); }
  // No call of `ready` comes after either of these.
  void close() noexcept {
    open_ = false;
    watch_.close();
  }
  WatchedSocket give_up_socket() noexcept {
    open_ = false;
    return watch_.give_up();
  }

 private:
  bool open_ = true;
  Watch watch_;
};

}  // namespace piccolo::real
