// Another seed in the middle of a run. Draws are made from keys that their makers hold, so what is
// changed here are the keys: a draw costs the same whether its world was reseeded or not.

#include "incarnation.hpp"
#include "piccolo/core/random.hpp"
#include "world_impl.hpp"

namespace piccolo {

void World::reseed(std::uint64_t seed) { impl_->reseed(seed); }

void World::Impl::reseed(std::uint64_t with) {
  seed = with;
  random = Random(with);
  salt = random.stream("salt").next();
  for (HostId from = 0; from < hosts.size(); ++from) {
    for (HostId to = 0; to < hosts.size(); ++to) {
      const auto known = links.find(link_id(from, to));
      if (known != links.end()) {
        known->second->reseed(random.stream("link", link_id(from, to)).next());
      }
    }
  }
  for (Connection* const connection : connections) {
    connection->client.reseed();
    connection->server.reseed();
  }
  datagrams.reseed(with);
  for (Process& process : processes) {
    if (process.alive) process.alive->reseed();
  }
}

void Datagrams::reseed(std::uint64_t seed) noexcept {
  for (SimDatagram* const socket : sockets_) socket->reseed(seed);
}

// What its program draws is changed by the world's salt.
void Incarnation::reseed() {
  const Random anew = world.random.child("process", process.id).child("start", process.starts);
  clock.reseed(anew.stream("timer").next());
  network.reseed(anew.stream("network").next());
  probes.reseed(anew.stream("probes").next());
  executor.reseed(anew.stream("executor").next());
}

}  // namespace piccolo
