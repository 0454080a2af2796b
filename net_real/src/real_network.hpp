#pragma once

// The operating system's network, seen from one loop.

#include <boost/asio/io_context.hpp>

#include "piccolo/core/network.hpp"
#include "port_table.hpp"
#include "resolver.hpp"

namespace piccolo::real {

class RealNetwork final : public Network {
 public:
  RealNetwork(boost::asio::io_context& io, PortTable& ports, Resolver& resolver) noexcept
      : io_(io), ports_(ports), resolver_(resolver) {}

  using Network::listen;
  Result<Listener> listen(const Endpoint& local, const ListenOptions& options) override;
  Result<Listener> share_listener(const Endpoint& local);
  using Network::bind_datagram;
  Result<DatagramSocket> bind_datagram(const Endpoint& local,
                                       const DatagramOptions& options) override;
  Result<std::vector<Address>> local_addresses() override;

  void start_connect(ConnectOperation& operation) override;
  void forget_connect(ConnectOperation& operation) noexcept override;
  void start_resolve(ResolveOperation& operation) override;
  void forget_resolve(ResolveOperation& operation) noexcept override;

 private:
  boost::asio::io_context& io_;
  PortTable& ports_;
  Resolver& resolver_;
};

}  // namespace piccolo::real
