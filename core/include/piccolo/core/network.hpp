#pragma once

// The network of an environment: where streams and datagram sockets come from.

#include <string>
#include <utility>
#include <vector>

#include "piccolo/core/datagram.hpp"
#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/listener.hpp"
#include "piccolo/core/operation.hpp"
#include "piccolo/core/stream.hpp"

namespace piccolo {

class ConnectOperation;
class ResolveOperation;

struct ListenOptions {
  ListenOptions() noexcept = default;  // declared: g++ 12 miscompiles aggregates in awaits
  int backlog = 1024;                  // connections waiting to be accepted
  // SO_REUSEADDR: listen although connections of an earlier listener on that port still linger
  // (TIME_WAIT lasts a minute). Never shares the port with another listener.
  bool reuse_address = true;
};

class Network {
 public:
  struct Connect;
  struct Resolve;

  // Binds and listens; port 0 takes any free one. Fails with `address_in_use`,
  // `address_not_available`, `permission_denied`, `too_many_files_open`. IPv6 wildcards accept
  // IPv4 as well, as by Linux's default. Does not wait.
  virtual Result<Listener> listen(const Endpoint& local, const ListenOptions& options) = 0;
  Result<Listener> listen(const Endpoint& local) { return listen(local, ListenOptions()); }

  // Binds a datagram socket; its ports are others than those of streams. Port 0, failures and IPv6
  // wildcards as with `listen`. Does not wait.
  virtual Result<DatagramSocket> bind_datagram(const Endpoint& local,
                                               const DatagramOptions& options) = 0;
  Result<DatagramSocket> bind_datagram(const Endpoint& local) {
    return bind_datagram(local, DatagramOptions());
  }

  // `Result<Stream>`. Fails with `connection_refused` (the host answered so), `timed_out` (nobody
  // answered, by the kernel's patience of about two minutes: put `with_timeout` around it),
  // `network_unreachable`, `address_not_available` (out of local ports).
  [[nodiscard]] Connect connect(const Endpoint& remote) noexcept;

  // `Result<std::vector<Endpoint>>`: the addresses of a name, or the address that `host` spells,
  // best first, never empty. Fails with `host_not_found`, `resolve_again`.
  [[nodiscard]] Resolve resolve(std::string host, std::uint16_t port);

  // Every address of this machine, loopback included. May change while the machine runs.
  virtual Result<std::vector<Address>> local_addresses() = 0;

  // For operations. `forget_` follows `start_` unless the backend finished the operation before.
  virtual void start_connect(ConnectOperation& operation) = 0;
  virtual void forget_connect(ConnectOperation& operation) noexcept = 0;
  virtual void start_resolve(ResolveOperation& operation) = 0;
  virtual void forget_resolve(ResolveOperation& operation) noexcept = 0;

 protected:
  Network() = default;
  ~Network() = default;
  Network(const Network&) = default;
  Network& operator=(const Network&) = default;
};

class ConnectOperation final : public BasicOperation<ConnectOperation, Stream> {
 public:
  explicit ConnectOperation(const Network::Connect& description) noexcept;
  ~ConnectOperation() { abandon(); }
  const Endpoint& remote() const noexcept { return remote_; }

  void start() { network_.start_connect(*this); }
  void forget() noexcept { network_.forget_connect(*this); }

  void* backend = nullptr;  // the network's own, while the operation is pending

 private:
  Network& network_;
  Endpoint remote_;
};

class ResolveOperation final : public BasicOperation<ResolveOperation, std::vector<Endpoint>> {
 public:
  explicit ResolveOperation(Network::Resolve description) noexcept;
  ~ResolveOperation() { abandon(); }
  const std::string& host() const noexcept { return host_; }
  std::uint16_t port() const noexcept { return port_; }

  void start() { network_.start_resolve(*this); }
  void forget() noexcept { network_.forget_resolve(*this); }

  void* backend = nullptr;

 private:
  Network& network_;
  std::string host_;
  std::uint16_t port_;
};

struct Network::Connect {
  using operation_type = ConnectOperation;
  Network* network = nullptr;
  Endpoint remote;
};

struct Network::Resolve {
  using operation_type = ResolveOperation;
  // A constructor: g++ 12 destroys aggregates with such members twice in an await.
  Resolve(Network& over, std::string name, std::uint16_t at)
      : network(&over), host(std::move(name)), port(at) {}
  Network* network;
  std::string host;
  std::uint16_t port;
};

inline ConnectOperation::ConnectOperation(const Network::Connect& description) noexcept
    : network_(*description.network), remote_(description.remote) {}

inline ResolveOperation::ResolveOperation(Network::Resolve description) noexcept
    : network_(*description.network), host_(std::move(description.host)), port_(description.port) {}

inline Network::Connect Network::connect(const Endpoint& remote) noexcept {
  return Connect{this, remote};
}

inline Network::Resolve Network::resolve(std::string host, std::uint16_t port) {
  return Resolve(*this, std::move(host), port);
}

}  // namespace piccolo
