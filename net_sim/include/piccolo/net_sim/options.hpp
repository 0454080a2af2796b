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
  // Segments that may be in flight at first (RFC 6928, and Linux); 0: as many as the buffers hold.
  std::uint32_t initial_window_segments = 10;
  // RFC 6298 asks for 1 s at least; Linux takes TCP_RTO_MIN = 200 ms and TCP_RTO_MAX = 120 s.
  Duration retransmit_initial = std::chrono::seconds(1);
  Duration retransmit_min = std::chrono::milliseconds(200);
  Duration retransmit_max = std::chrono::seconds(120);
  // Retransmission time-outs are whole ticks of the kernel's clock: CONFIG_HZ is 250 in Debian.
  Duration timer_tick = std::chrono::milliseconds(4);
  // net.ipv4.tcp_retries2. Not a count of tries but of doublings of `retransmit_min`: the time that
  // they would take, 924.6 s for 15, is how long an unacknowledged stream lives.
  std::uint32_t retransmits_max = 15;
  // How long data waits for an answer that takes its acknowledgement along: TCP_DELACK_MIN and
  // TCP_ATO_MIN. A stream starts without; zero: data is always acknowledged at once.
  Duration ack_delay = std::chrono::milliseconds(40);
  // net.ipv4.tcp_early_retrans: 3, or 0.
  bool tail_loss_probes = true;
  std::uint32_t syn_retries = 6;          // net.ipv4.tcp_syn_retries: 127 s in all
  std::uint32_t syn_linear_timeouts = 0;  // net.ipv4.tcp_syn_linear_timeouts, since 6.5: 4
  std::uint32_t synack_retries = 5;       // net.ipv4.tcp_synack_retries
  Duration fin_timeout = std::chrono::seconds(60);  // net.ipv4.tcp_fin_timeout
  // A reader that waits is woken up to this long after bytes arrived for it, so that it finds more
  // of them at once. Zero: at once.
  Duration wake_delay_max{0};

  bool operator==(const TcpOptions&) const = default;
};

// net.ipv4.ip_local_port_range; both are included.
struct PortRange {
  std::uint16_t first = 32768;
  std::uint16_t last = 60999;
};

struct UdpOptions {
  // Bytes that wait to be received, the kernel's overhead included: net.core.rmem_default.
  std::uint32_t receive_buffer = 212'992;
};

struct WorldOptions {
  LinkOptions link;  // between any two hosts
  LinkOptions loopback =
      LatencyModel{LatencyModel::Shape::constant, std::chrono::microseconds(10), Duration(0)};
  Duration resolve_latency = std::chrono::microseconds(500);
  TcpOptions tcp;  // of every host that `World::set_tcp` gives no other
  UdpOptions udp;
  PortRange ephemeral_ports;  // TCP and UDP each have all of them
  // Of the tasks of each process. Simultaneous events come in the order of their making under fifo,
  // else in one of the seed's choosing.
  ReadyOrder ready_order = ReadyOrder::random;
  // Wall clock at the start of the world: 2026-01-01T00:00:00Z.
  WallTime wall_start{std::chrono::seconds(1'767'225'600)};
  // What processes log below this level is not even formatted.
  LogLevel log_level = LogLevel::off;
  // Resumptions without the clock advancing before the run is called stuck.
  std::uint64_t spin_limit = 1'000'000;
  // Events after which a run is called endless, wherever its clock stands; 0: no limit.
  std::uint64_t events_max = 0;
  // How many sites of `Probes::buggify` are on, in a million; 0: none ever fires.
  std::uint32_t buggify_ppm = 0;
};

}  // namespace piccolo
