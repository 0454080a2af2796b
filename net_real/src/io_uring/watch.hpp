#pragma once

// Waiting for a socket by Asio's public interface, for backends other than epoll.

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "event.hpp"
#include "file_descriptor.hpp"
#include "handler_memory.hpp"
#include "piccolo/core/result.hpp"

namespace piccolo::real {

class Waiter;

using WatchedSocket =
    boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

Result<WatchedSocket> watch(boost::asio::io_context& io, FileDescriptor socket);

// A waiter's socket and its waits.
class Watch {
 public:
  explicit Watch(WatchedSocket socket) noexcept : socket_(std::move(socket)) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  int fd() noexcept { return socket_.native_handle(); }
  // The waiter is told once, later. Asking again while waiting changes nothing.
  void wait(Waiter& waiter, Event event);
  // The waiter is told nothing more.
  void close() noexcept;
  WatchedSocket give_up() noexcept { return std::move(socket_); }

 private:
  class Handler;

  WatchedSocket socket_;
  std::array<bool, 2> waiting_{};
  std::array<HandlerMemory, 2> memory_;
};

}  // namespace piccolo::real
