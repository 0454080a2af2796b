#pragma once

// A listening TCP socket as the backend of a listener.

#include <boost/asio/io_context.hpp>

#include "piccolo/core/listener.hpp"
#include "piccolo/core/network.hpp"
#include "port_table.hpp"
#include "waiter.hpp"

namespace piccolo::real {

class RealListener final : public ListenerBackend, public Waiter {
 public:
  static Result<Listener> open(boost::asio::io_context& io, PortTable& ports, const Endpoint& local,
                               const ListenOptions& options);
  static Result<Listener> share(boost::asio::io_context& io, PortTable& ports,
                                const Endpoint& local);

  void start_accept() override { try_accept(); }
  Endpoint local_endpoint() const noexcept override { return local_; }
  void release() noexcept override;

 private:
  static Result<Listener> make(boost::asio::io_context& io, PortTable& ports,
                               FileDescriptor socket);
  RealListener(boost::asio::io_context& io, PortTable& ports, WatchedSocket socket,
               const Endpoint& local);
  void ready(Event event) override;
  void try_accept();
  Result<Stream> adopt(FileDescriptor socket, const Endpoint& remote);

  boost::asio::io_context& io_;
  PortTable& ports_;
  Endpoint local_;
};

}  // namespace piccolo::real
