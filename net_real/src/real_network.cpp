#include "real_network.hpp"

#include <ifaddrs.h>

#include <algorithm>
#include <memory>

#include "connector.hpp"
#include "real_datagram.hpp"
#include "real_listener.hpp"
#include "socket_address.hpp"

namespace piccolo::real {

Result<Listener> RealNetwork::listen(const Endpoint& local, const ListenOptions& options) {
  return RealListener::open(io_, ports_, local, options);
}

Result<Listener> RealNetwork::share_listener(const Endpoint& local) {
  return RealListener::share(io_, ports_, local);
}

Result<DatagramSocket> RealNetwork::bind_datagram(const Endpoint& local,
                                                  const DatagramOptions& options) {
  return RealDatagram::open(io_, local, options);
}

Result<std::vector<Address>> RealNetwork::local_addresses() {
  ifaddrs* found = nullptr;
  if (::getifaddrs(&found) != 0) return errno_failure();
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(found, &::freeifaddrs);
  std::vector<Address> addresses;
  for (const ifaddrs* each = found; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const auto family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    const Address address = to_endpoint(*each->ifa_addr).address;
    if (std::ranges::find(addresses, address) == addresses.end()) addresses.push_back(address);
  }
  return addresses;
}

void RealNetwork::start_connect(ConnectOperation& operation) { Connector::start(io_, operation); }

void RealNetwork::forget_connect(ConnectOperation& operation) noexcept {
  Connector::forget(operation);
}

void RealNetwork::start_resolve(ResolveOperation& operation) { resolver_.start(io_, operation); }

void RealNetwork::forget_resolve(ResolveOperation& operation) noexcept {
  Resolver::forget(operation);
}

}  // namespace piccolo::real
