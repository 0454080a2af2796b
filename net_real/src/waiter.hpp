#pragma once

// A socket and the wait for it to become readable or writable. All input and output is done by
// readiness: Asio is only asked to say when, and the system call then works on the buffer of
// whatever operation is pending at that time. So an operation that was canceled or destroyed leaves
// nobody with a pointer to its buffer.

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <cstdint>

#include "file_descriptor.hpp"
#include "handler_memory.hpp"
#include "piccolo/core/result.hpp"

namespace piccolo::real {

// A descriptor that Asio's reactor watches.
using WatchedSocket =
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

Result<WatchedSocket> watch(boost::asio::io_context& io, FileDescriptor socket);

enum class Direction : std::uint8_t { read, write };

// Counted: one reference for whoever uses the socket and one for each wait under way, since a
// handler may come after its backend was released. All of it on the loop's thread.
class Waiter : public boost::intrusive_ref_counter<Waiter, boost::thread_unsafe_counter> {
 public:
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  virtual ~Waiter() = default;

 protected:
  explicit Waiter(WatchedSocket socket) noexcept : socket_(std::move(socket)) {}

  // Calls `ready` once, later. Asking again while waiting changes nothing.
  void wait(Direction direction);
  // The socket may be ready in this direction: try, and wait again if it is not.
  virtual void ready(Direction direction) = 0;

  int fd() noexcept { return socket_.native_handle(); }
  // No call of `ready` comes after either of these.
  void close() noexcept;
  WatchedSocket give_up_socket() noexcept { return std::move(socket_); }

 private:
  class Handler;

  WatchedSocket socket_;
  std::array<bool, 2> waiting_{};
  std::array<HandlerMemory, 2> memory_;
};

}  // namespace piccolo::real
