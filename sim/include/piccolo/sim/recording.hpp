#pragma once

// All of one run, kept: what pictures, captures and comparisons are made of. A value without any
// tie to the world that it came from.
//
// Memory: some 56 bytes an event, 200 a packet, and the payloads; `RecordLimits` bounds it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "piccolo/net_sim/packet_tap.hpp"
#include "piccolo/net_sim/trace.hpp"
#include "piccolo/sim/recorded_line.hpp"
#include "piccolo/sim/run_result.hpp"
#include "piccolo/sim/scenario.hpp"
#include "piccolo/sim/world_description.hpp"

namespace piccolo::sim {

struct RecordedHost {
  std::string name;
  Address v4;
  Address v6;
};

struct RecordedProcess {
  std::string name;
  HostId host = 0;
  bool client = false;  // a workload, which faults leave alone
};

enum class PacketEnd : std::uint8_t { under_way, arrived, lost };

struct RecordedPacket {
  PacketView view;             // as it was sent; without payload
  std::size_t payload_at = 0;  // in `Recording::payloads`
  std::size_t payload_bytes = 0;
  bool duplicate = false;         // made by the network
  bool retransmission = false;    // TCP: some of its bytes, its SYN or its FIN were sent before
  std::uint64_t sent_event = 0;   // numbers in the trace
  std::uint64_t ended_event = 0;  // unless under way
  PacketEnd end = PacketEnd::under_way;
  TimePoint ended_at;
};

struct RecordedFault {
  FaultKind kind = FaultKind::refuse;
  TimePoint from;
  TimePoint until;            // equal to `from` for what is done in an instant
  std::string text;           // "isolate n2 for 3s"
  std::vector<HostId> hosts;  // whom it is about
};

struct RecordLimits {
  std::size_t events = 4'000'000;
  std::size_t packets = 1'000'000;
  std::size_t lines = 1'000'000;
  std::size_t payload_bytes = std::size_t{256} << 20U;
};

struct Recording {
  std::string world;
  std::string scenario;  // as TOML
  RunResult result;
  WallTime wall_start;  // what the hosts' clocks show at time 0
  std::vector<RecordedHost> hosts;
  std::vector<RecordedProcess> processes;
  std::vector<TraceEvent> events;  // their places are their numbers
  std::vector<RecordedLine> lines;
  std::vector<RecordedPacket> packets;  // in the order of sending
  std::vector<std::byte> payloads;
  std::vector<RecordedFault> faults;
  // Something was left out for the limits' sake; what there is, is the beginning.
  bool truncated = false;
  LogLevel log_level = LogLevel::debug;  // what programs logged below it is not there
};

// Runs the seed once more and keeps it. Throws as `run_world` does. The programs log from `level`
// on.
Recording record_world(const WorldDescription& world, const Scenario& scenario, std::uint64_t seed,
                       LogLevel level = LogLevel::debug, const RecordLimits& limits = {});

}  // namespace piccolo::sim
