#pragma once

// How a simulated world behaves when nobody breaks it. Defaults follow Linux.

#include <cstdint>

#include "piccolo/core/executor.hpp"
#include "piccolo/core/logger.hpp"
#include "piccolo/core/random.hpp"
#include "piccolo/core/time.hpp"
#include "piccolo/net_sim/link_model.hpp"

namespace piccolo {

struct TcpOptions {
  std::uint32_t send_buffer = 64 * 1024;     // bytes accepted and not yet acknowledged
  std::uint32_t receive_buffer = 64 * 1024;  // bytes that arrived and were not yet read
  std::uint32_t segment_bytes_max = 1448;    // Ethernet's 1500 less IP, TCP and timestamps
  // RFC 6298 asks for 1 s at least; Linux takes TCP_RTO_MIN = 200 ms and TCP_RTO_MAX = 120 s.
  Duration retransmit_initial = std::chrono::seconds(1);
  Duration retransmit_min = std::chrono::milliseconds(200);
  Duration retransmit_max = std::chrono::seconds(120);
  std::uint32_t retransmits_max = 15;               // net.ipv4.tcp_retries2
  std::uint32_t syn_retries = 6;                    // net.ipv4.tcp_syn_retries: 127 s in all
  std::uint32_t synack_retries = 5;                 // net.ipv4.tcp_synack_retries
  Duration fin_timeout = std::chrono::seconds(60);  // net.ipv4.tcp_fin_timeout
};

struct WorldOptions {
  LinkOptions link;  // between any two hosts
  LinkOptions loopback =
      LatencyModel{LatencyModel::Shape::constant, std::chrono::microseconds(10), Duration(0)};
  Duration resolve_latency = std::chrono::microseconds(500);
  TcpOptions tcp;
  ReadyOrder ready_order = ReadyOrder::random;
  // Wall clock at the start of the world: 2026-01-01T00:00:00Z.
  WallTime wall_start{std::chrono::seconds(1'767'225'600)};
  // What processes log below this level is not even formatted.
  LogLevel log_level = LogLevel::off;
  // Resumptions without the clock advancing before the run is called stuck.
  std::uint64_t spin_limit = 1'000'000;
};

}  // namespace piccolo
