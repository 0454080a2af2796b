#pragma once

// Waiting for a socket by Asio's epoll reactor, at no cost per wait.
//
// Asio's own `async_wait` takes a system call each time, to arm the descriptor anew, and a handler
// with its memory. So this puts an operation for each event into the reactor, which stays there for
// the socket's life: "not done yet" is what it answers each time it is tried. The descriptor is
// registered once and edge-triggered, and the kernel tells of whatever comes after the last try.
// That takes the interface of boost::asio::detail; the other `watch.hpp` does without.

#include <boost/asio/io_context.hpp>
// Only after that one.
#include <array>
#include <boost/asio/detail/reactor.hpp>
#include <boost/asio/detail/reactor_op.hpp>

#include "event.hpp"
#include "file_descriptor.hpp"
#include "piccolo/core/result.hpp"

namespace piccolo::real {

class Waiter;

// A descriptor that the reactor watches. On its loop's thread.
class WatchedSocket {
 public:
  WatchedSocket(WatchedSocket&& other) noexcept
      : reactor_(other.reactor_),
        socket_(std::move(other.socket_)),
        state_(std::exchange(other.state_, nullptr)) {}
  WatchedSocket& operator=(WatchedSocket&&) = delete;
  ~WatchedSocket() { close(); }

  int get() const noexcept { return socket_.get(); }
  bool is_open() const noexcept { return socket_.valid(); }
  void close() noexcept;

 private:
  friend Result<WatchedSocket> watch(boost::asio::io_context& io, FileDescriptor socket);
  friend class Watch;
  using Reactor = boost::asio::detail::reactor;

  WatchedSocket(Reactor& reactor, FileDescriptor socket) noexcept
      : reactor_(reactor), socket_(std::move(socket)) {}

  Reactor& reactor_;
  FileDescriptor socket_;
  Reactor::per_descriptor_data state_ = nullptr;
};

Result<WatchedSocket> watch(boost::asio::io_context& io, FileDescriptor socket);

// A waiter's socket, and what the reactor has of it. Not moved: the reactor knows its address.
class Watch {
 public:
  explicit Watch(WatchedSocket socket) noexcept : socket_(std::move(socket)) {}
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  int fd() const noexcept { return socket_.get(); }
  // From now on, and for good, the waiter is told whenever the event may have happened since.
  void wait(Waiter& waiter, Event event) {
    if (!interests_[index(event)].started()) start(waiter, event);
  }
  // The waiter is told nothing more.
  void close() noexcept { socket_.close(); }
  WatchedSocket give_up() noexcept;

 private:
  class Interest final : public boost::asio::detail::reactor_op {
   public:
    Interest() noexcept : reactor_op(boost::system::error_code(), &perform, &complete) {}
    bool started() const noexcept { return waiter_ != nullptr; }
    void start(Waiter& waiter, Event event);
    void listen() noexcept { listening_ = true; }

   private:
    static status perform(reactor_op* base);
    static void complete(void* owner, boost::asio::detail::operation* base,
                         const boost::system::error_code& error, std::size_t bytes);

    Waiter* waiter_ = nullptr;  // one reference, while the reactor has this
    Event event_{};
    bool listening_ = false;  // to what the reactor tells
  };

  void start(Waiter& waiter, Event event);

  WatchedSocket socket_;
  std::array<Interest, event_count> interests_;
};

}  // namespace piccolo::real
