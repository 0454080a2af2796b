#pragma once

// One direction between two hosts (or of a host's loopback).

#include <cstdint>

#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/options.hpp"

namespace piccolo {

struct Link {
  Link(HostId source, HostId target, const LatencyModel& model, std::uint64_t with) noexcept
      : from(source), to(target), latency(model), draws(with) {}

  HostId from;
  HostId to;
  LatencyModel latency;
  std::uint64_t draws;     // the key of its draws; their other coordinate is the segment
  std::uint32_t cuts = 0;  // above zero everything is lost
  Duration extra{0};       // by delay faults
};

}  // namespace piccolo
