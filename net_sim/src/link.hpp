#pragma once

// One direction between two hosts (or of a host's loopback).

#include <cstdint>

#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/options.hpp"

namespace piccolo {

struct Link {
  Link(HostId source, HostId target, const LinkOptions& options, std::uint64_t with) noexcept
      : from(source), to(target), model(options), draws(with) {}

  HostId from;
  HostId to;
  LinkModel model;
  std::uint64_t draws;  // the key of its draws; their other coordinate is the packet
};

}  // namespace piccolo
