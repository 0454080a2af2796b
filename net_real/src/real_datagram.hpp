#pragma once

// A UDP socket as the backend of a datagram socket.

#include <boost/asio/io_context.hpp>

#include "piccolo/core/datagram.hpp"
#include "waiter.hpp"

namespace piccolo::real {

class RealDatagram final : public DatagramBackend, public Waiter {
 public:
  static Result<DatagramSocket> open(boost::asio::io_context& io, const Endpoint& local,
                                     const DatagramOptions& options);

  void start_receive() override { try_receive(); }
  void start_send() override { try_send(); }
  Result<void> connect(const Endpoint& remote) noexcept override;
  Endpoint local_endpoint() const noexcept override { return local_; }
  std::optional<Endpoint> remote_endpoint() const noexcept override { return remote_; }
  void release() noexcept override;

 private:
  RealDatagram(WatchedSocket socket, Address::Family family, const Endpoint& local)
      : Waiter(std::move(socket)), family_(family), local_(local) {}
  void ready(Event event) override;
  void try_receive();
  void try_send();

  Address::Family family_;  // of the socket: one of IPv6 has an IPv4 peer perhaps
  Endpoint local_;
  std::optional<Endpoint> remote_;
};

}  // namespace piccolo::real
