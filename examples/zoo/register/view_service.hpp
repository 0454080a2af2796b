#pragma once

// Says who is the primary and who its backup: a view. Servers ping it; who has not for a while is
// taken for dead. A view is followed by another only after its primary has said that its backup has
// all there is, so that one of the two can always go on (MIT's course 6.824, lab 2). It is no
// replica itself: while it is down, nobody takes over.

#include <cstdint>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "register/workload.hpp"
#include "rpc.hpp"

namespace piccolo::zoo {

inline constexpr std::uint64_t nobody = 0;  // servers have numbers from 1 on

struct View {
  std::uint64_t number = 0;
  std::uint64_t primary = nobody;
  std::uint64_t backup = nobody;
};

enum ViewMessage : std::uint64_t {
  ping = servers_own,  // server, number of the view that it is ready to serve as the primary
  view,                // number, primary, backup
  views_own,
};

inline constexpr Duration ping_interval = std::chrono::milliseconds(250);

// Survives the process and the power: what is assigned is written.
struct ViewDisk {
  View view;
  bool ready = false;  // has its primary said so?
};

Task<void> view_service(Env& env, Endpoint at, std::uint64_t servers, ViewDisk* disk);

}  // namespace piccolo::zoo
