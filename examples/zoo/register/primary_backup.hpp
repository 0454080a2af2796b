#pragma once

// A map on a primary and its backup, which a view service names. The primary answers a client only
// when the backup of its view has confirmed to have all that the answer rests on, reads included:
// a backup that has been made primary meanwhile does not confirm, so a deposed primary is mute. The
// map is small, so what is replicated is always all of it.

#include <array>
#include <cstdint>
#include <vector>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "register/view_service.hpp"
#include "register/workload.hpp"

namespace piccolo::zoo {

enum class PrimaryMistake : std::uint8_t {
  none,
  reads_alone,    // a read does not wait for the backup
  goes_on_alone,  // a backup that does not confirm is taken for dead
  answers_early,  // nothing waits for the backup, which is sent what is new a little later
};

// Survives the process and the power: what is assigned is written.
struct ServerDisk {
  View view;                    // the newest that it knows of
  std::uint64_t copied_in = 0;  // the view in which it last had the map from its primary
  std::uint64_t version = 0;    // of the map
  std::array<std::uint64_t, map_keys> values{};
};

struct ServerConfig {
  std::vector<Endpoint> servers;  // number 1 is the first
  Endpoint views;
  std::uint64_t self = nobody;
  ServerDisk* disk = nullptr;
  PrimaryMistake mistake = PrimaryMistake::none;
};

Task<void> map_server(Env& env, ServerConfig config);

}  // namespace piccolo::zoo
