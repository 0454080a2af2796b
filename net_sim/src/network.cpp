#include <algorithm>
#include <utility>

#include "incarnation.hpp"

namespace piccolo {
namespace {

// net.ipv4.ip_local_port_range
constexpr std::uint16_t first_ephemeral_port = 32768;
constexpr std::uint16_t last_ephemeral_port = 60999;

// Would the kernel let both be bound? A wildcard overlaps every address of the families it takes.
bool overlap(const Endpoint& a, const Endpoint& b) {
  if (a.port != b.port) return false;
  if (a.address == b.address) return true;
  const bool same_family = a.address.is_v4() == b.address.is_v4();
  if (a.address.is_unspecified() && (same_family || !a.address.is_v4())) return true;
  return b.address.is_unspecified() && (same_family || !b.address.is_v4());
}

// A name being looked up.
class Lookup final : public Timer {
 public:
  Lookup(ResolveOperation& operation, Result<std::vector<Endpoint>> answer)
      : operation_(operation), answer_(std::move(answer)) {
    operation_.backend = this;
  }
  void fire() noexcept override {
    operation_.backend = nullptr;
    operation_.finish(std::move(answer_));
    delete this;
  }

 private:
  ResolveOperation& operation_;
  Result<std::vector<Endpoint>> answer_;
};

}  // namespace

std::uint16_t World::Impl::take_ephemeral_port(Host& host) {
  constexpr std::uint32_t range = last_ephemeral_port - first_ephemeral_port + 1U;
  if (host.ephemeral_ports.size() >= range) return 0;
  auto port = static_cast<std::uint16_t>(first_ephemeral_port + host.port_draws.below(range));
  while (!host.ephemeral_ports.insert(port).second) {
    port = port == last_ephemeral_port ? first_ephemeral_port : static_cast<std::uint16_t>(port + 1);
  }
  return port;
}

Result<Listener> SimNetwork::listen(const Endpoint& local, const ListenOptions& options) {
  Host& host = holder_.host;
  Endpoint bound = local.canonical();
  if (!bound.address.is_unspecified() && !host.owns(bound.address)) {
    return failure(std::errc::address_not_available);
  }
  const auto taken = [&](const Endpoint& wanted) {
    return std::any_of(host.listeners.begin(), host.listeners.end(), [&](const SimListener* other) {
      return overlap(other->bound(), wanted);
    });
  };
  if (bound.port == 0) {
    do {
      bound.port = world_.take_ephemeral_port(host);
      if (bound.port == 0) return failure(std::errc::address_in_use);
      host.ephemeral_ports.erase(bound.port);
    } while (taken(bound));
  }
  if (taken(bound)) return failure(std::errc::address_in_use);
  auto* const listener = new SimListener(world_, host, holder_, bound, options.backlog);
  world_.record(EventKind::listen, holder_.process.id, bound.port);
  world_.observe([&](Observer& observer) { observer.listening(holder_.process.id, bound); });
  return Listener(*listener);
}

Result<std::vector<Address>> SimNetwork::local_addresses() { return holder_.host.addresses(); }

Result<Endpoint> SimNetwork::local_for(Host& host, const Endpoint& remote) {
  const std::uint16_t port = world_.take_ephemeral_port(host);
  if (port == 0) return failure(std::errc::address_not_available);
  // Talking to itself a host uses the very address it talks to, as Linux does.
  if (host.owns(remote.address)) return Endpoint(remote.address, port);
  return Endpoint(remote.address.is_v4() ? host.v4 : host.v6, port);
}

void SimNetwork::start_connect(ConnectOperation& operation) {
  Host& host = holder_.host;
  Endpoint remote = operation.remote().canonical();
  if (remote.address.is_unspecified()) {
    remote.address = Address::loopback(remote.address.family());
  }
  world_.observe([&](Observer& observer) { observer.connecting(holder_.process.id, remote); });
  const auto local = local_for(host, remote);
  if (!local) return operation.finish(failure(local.error()));
  Connection& connection = world_.new_connection(host);
  connection.target = remote;
  connection.server_host = world_.host_of(remote.address, host.id);
  world_.record(EventKind::connect, connection.id, holder_.process.id, remote.port);
  connection.client.open(operation, host, holder_, *local, remote);
}

void SimNetwork::forget_connect(ConnectOperation& operation) noexcept {
  static_cast<TcpEnd*>(operation.backend)->abort_connect();
}

void SimNetwork::start_resolve(ResolveOperation& operation) {
  if (const auto literal = Address::parse(operation.host())) {
    return operation.finish(std::vector<Endpoint>{Endpoint(*literal, operation.port())});
  }
  Result<std::vector<Endpoint>> answer = failure(Errc::host_not_found);
  const auto known = world_.host_by_name.find(operation.host());
  if (operation.host() == "localhost") {
    answer = std::vector<Endpoint>{
        Endpoint(Address::loopback(Address::Family::v6), operation.port()),
        Endpoint(Address::loopback(Address::Family::v4), operation.port())};
  } else if (known != world_.host_by_name.end()) {
    const Host& host = world_.hosts[known->second];
    answer = std::vector<Endpoint>{Endpoint(host.v4, operation.port()),
                                   Endpoint(host.v6, operation.port())};
  }
  auto* const lookup = new Lookup(operation, std::move(answer));
  holder_.clock.arm(*lookup, saturating_add(world_.now, world_.options.resolve_latency));
}

void SimNetwork::forget_resolve(ResolveOperation& operation) noexcept {
  auto* const lookup = static_cast<Lookup*>(operation.backend);
  world_.queue.erase(*lookup);
  delete lookup;
}

}  // namespace piccolo
