#include "watch.hpp"

#include <utility>

#include "waiter.hpp"

namespace piccolo::real {

Result<WatchedSocket> watch(boost::asio::io_context& io, FileDescriptor socket) {
  auto& reactor = boost::asio::use_service<boost::asio::detail::reactor>(io);
  reactor.init_task();
  WatchedSocket watched(reactor, std::move(socket));
  const int error = reactor.register_descriptor(watched.get(), watched.state_);
  if (error != 0) return failure(std::error_code(error, std::generic_category()));
  return watched;
}

void WatchedSocket::close() noexcept {
  if (state_ == nullptr) return;
  // "Not closing": another loop may share the open socket, and then closing leaves it registered.
  reactor_.deregister_descriptor(get(), state_, false);
  static_cast<void>(FileDescriptor(std::move(socket_)));
  reactor_.cleanup_descriptor_data(state_);
}

void Watch::start(Waiter& waiter, Event event) {
  using Reactor = boost::asio::detail::reactor;
  constexpr std::array<int, event_count> names{Reactor::read_op, Reactor::write_op,
                                               Reactor::except_op};
  Interest& interest = interests_[index(event)];
  interest.start(waiter, event);
  // "Speculative" keeps the reactor from arming anew what is armed.
  socket_.reactor_.start_op(names[index(event)], fd(), socket_.state_, &interest, false, true);
  interest.listen();
}

WatchedSocket Watch::give_up() noexcept {
  socket_.reactor_.cancel_ops(fd(), socket_.state_);
  return std::move(socket_);
}

void Watch::Interest::start(Waiter& waiter, Event event) {
  intrusive_ptr_add_ref(&waiter);
  waiter_ = &waiter;
  event_ = event;
}

boost::asio::detail::reactor_op::status Watch::Interest::perform(reactor_op* base) {
  auto& self = *static_cast<Interest*>(base);
  if (self.listening_) self.waiter_->notify(self.event_);
  return not_done;
}

// The reactor has let go of it: after closing, when the io_context goes away, or since it could not
// watch this direction.
void Watch::Interest::complete(void* owner, boost::asio::detail::operation* base,
                               const boost::system::error_code&, std::size_t) {
  auto& self = *static_cast<Interest*>(base);
  self.listening_ = false;
  const boost::intrusive_ptr<Waiter> waiter(std::exchange(self.waiter_, nullptr), false);
  if (owner != nullptr) waiter->notify(self.event_);
}

}  // namespace piccolo::real
