#pragma once

// Clients of a replicated map, whatever replicates it: they put and get, and what they were told
// must be linearizable.

#include <cstdint>
#include <vector>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/sim/history.hpp"
#include "piccolo/sim/models.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::zoo {

inline constexpr std::uint64_t map_keys = 3;
// No value; clients put greater ones, each but once.
inline constexpr std::uint64_t no_value = 0;

// Between clients and servers; what servers say to each other is numbered from `servers_own` on.
enum MapMessage : std::uint64_t {
  get,      // key; answered by `done` with the value
  put,      // key, value; answered by `done`
  done,     // value
  refused,  // certainly not done: ask another server
  servers_own,
};

struct MapClients {
  sim::History<sim::MapModel<std::int64_t, std::int64_t>> history;
  std::vector<Endpoint> servers;
  std::vector<bool> served;  // each of the clients, since the faults are over
  std::uint64_t answers = 0;
  bool undecided = false;  // was the history too hard to check?
};

// Adds as many clients as the parameter `clients` says, and what must hold for them:
// `linearizable`, and `every client is served`. To be called behind all hosts and nodes.
void add_map_clients(sim::Simulation& sim, std::vector<Endpoint> servers);

}  // namespace piccolo::zoo
