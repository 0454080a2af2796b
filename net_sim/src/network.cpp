#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "ports.hpp"

namespace piccolo {
namespace {

bool taken(const Host& host, const Endpoint& wanted) {
  const auto [first, last] = host.listeners.equal_range(wanted.port);
  for (auto at = first; at != last; ++at) {
    if (overlap(at->second->bound(), wanted)) return true;
  }
  // Sockets that connect() bound do not share their port with a listener: inet_csk_bind_conflict().
  for (auto at = host.outgoing.lower_bound({wanted.port, Endpoint()});
       at != host.outgoing.end() && at->first.first == wanted.port; ++at) {
    if (overlap(Endpoint(at->second, wanted.port), wanted)) return true;
  }
  return false;
}

// Does a connection that was accepted on the port live on, if only in TIME_WAIT?
bool lingers(const Host& host, const Endpoint& wanted) {
  return std::any_of(host.ends.begin(), host.ends.end(), [&](const TcpEnd* end) {
    return end->state() != TcpEnd::State::dead && overlap(end->local_endpoint(), wanted);
  });
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

Result<Listener> SimNetwork::listen(const Endpoint& local, const ListenOptions& options) {
  if (holder_.sockets_closed) return failure(std::errc::bad_file_descriptor);
  if (holder_.lacks_descriptor()) return failure(std::errc::too_many_files_open);
  Host& host = holder_.host;
  Endpoint bound = local.canonical();
  if (!bound.address.is_unspecified() && !host.owns(bound.address)) {
    return failure(std::errc::address_not_available);
  }
  if (bound.port == 0) {
    const std::uint64_t random = mix64(mix(draws_, site_hash("bind")) + golden_gamma * ++binds_);
    bound.port = find_port(host.ephemeral_ports, random, [&](std::uint16_t port) {
      return !taken(host, Endpoint(bound.address, port)) && !host.taken_ports.contains(port);
    });
    if (bound.port == 0) return failure(std::errc::address_in_use);
  } else if (taken(host, bound) || (!options.reuse_address && lingers(host, bound))) {
    return failure(std::errc::address_in_use);
  } else if (host.taken_ports.contains(bound.port)) {
    ++world_.faults[FaultKind::port_taken].observed;
    return failure(std::errc::address_in_use);
  }
  holder_.process.last_port = bound.port;
  auto* const listener = new SimListener(world_, host, holder_, bound, options.backlog);
  world_.record(EventKind::listen, holder_.process.id, bound.port);
  world_.observe([&](Observer& observer) { observer.listening(holder_.process.id, bound); });
  return Listener(*listener);
}

Result<std::vector<Address>> SimNetwork::local_addresses() { return holder_.host.addresses(); }

Result<Endpoint> SimNetwork::local_for(const Endpoint& remote, std::uint64_t random) const {
  const Host& host = holder_.host;
  // __inet_hash_connect() passes over ports that anybody has bound.
  const std::uint16_t port = find_port(host.ephemeral_ports, random, [&](std::uint16_t candidate) {
    return !host.outgoing.contains({candidate, remote}) && !host.listeners.contains(candidate) &&
           !host.taken_ports.contains(candidate);
  });
  if (port == 0) return failure(std::errc::address_not_available);
  const Address::Family family = remote.address.family();
  if (remote.address.is_loopback()) return Endpoint(Address::loopback(family), port);
  return Endpoint(family == Address::Family::v4 ? host.v4 : host.v6, port);
}

void SimNetwork::start_connect(ConnectOperation& operation) {
  Host& host = holder_.host;
  Endpoint remote = operation.remote().canonical();
  if (remote.address.is_unspecified()) {
    remote.address = Address::loopback(remote.address.family());
  }
  const std::uint64_t id = mix64(draws_ + golden_gamma * ++connects_);
  world_.observe([&](Observer& observer) { observer.connecting(holder_.process.id, remote); });
  Result<Endpoint> local = failure(std::errc::network_unreachable);
  if (holder_.lacks_descriptor()) {
    local = failure(std::errc::too_many_files_open);
  } else if (!is_no_host(remote.address)) {
    local = local_for(remote, mix64(id));
  }
  if (!local) {
    world_.record(EventKind::connect_failed, id, static_cast<std::uint64_t>(local.error().value()));
    world_.observe([&](Observer& observer) {
      observer.connect_failed(holder_.process.id, remote, local.error());
    });
    return operation.finish(failure(local.error()));
  }
  Connection& connection = world_.new_connection(id);
  connection.target = remote;
  connection.server_host = world_.host_of(remote.address, host.id);
  if (connection.server_host != nowhere) {
    connection.ordinal = ++world_.connects[link_id(host.id, connection.server_host)].begun;
  }
  host.outgoing[{local->port, remote}] = local->address;
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
  Duration latency = world_.options.resolve_latency;
  const auto known = world_.host_by_name.find(operation.host());
  if (operation.host() == "localhost") {
    answer =
        std::vector<Endpoint>{Endpoint(Address::loopback(Address::Family::v6), operation.port()),
                              Endpoint(Address::loopback(Address::Family::v4), operation.port())};
  } else if (known != world_.host_by_name.end()) {
    answer = world_.look_up(world_.hosts[known->second], operation.port(), latency);
  }
  auto* const lookup = new Lookup(operation, std::move(answer));
  holder_.clock.arm(*lookup, saturating_add(holder_.clock.now(), latency));
}

void SimNetwork::forget_resolve(ResolveOperation& operation) noexcept {
  auto* const lookup = static_cast<Lookup*>(operation.backend);
  holder_.clock.disarm(*lookup);
  delete lookup;
}

}  // namespace piccolo
