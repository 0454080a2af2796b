#pragma once

// How lines of a story are chosen and printed:
//     1.204000  n2     connected to 10.0.0.1:19919

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/net_sim/packet_tap.hpp"
#include "piccolo/net_sim/world.hpp"
#include "piccolo/sim/recorded_line.hpp"

namespace piccolo::sim {

// Each tells what those before it tell, and more.
enum class StoryDetail : std::uint8_t {
  faults,   // faults, processes, and what the run itself says
  logs,     // what programs log
  streams,  // connects, their failures, ends of streams
  data,     // ports, reads, writes, datagrams
  packets,  // every packet: sent, duplicated, arrived, lost
};

struct NarrationOptions {
  LogLevel level = LogLevel::debug;  // of logs
  StoryDetail detail = StoryDetail::streams;
  // Lines of this window alone, both ends included.
  TimePoint from{};
  TimePoint until = TimePoint::max();
  // Lines of these hosts (or of processes called so), faults about them, and what is about all;
  // empty: of every host.
  std::vector<std::string> hosts{};
  bool colors = false;    // ANSI, a colour for each host
  std::size_t width = 0;  // columns at which lines are broken, indented; 0: never
};

class Narration {
 public:
  using Sink = std::function<void(std::string_view line)>;  // without newline
  Narration(Sink sink, NarrationOptions options)
      : sink_(std::move(sink)), options_(std::move(options)) {}

  const NarrationOptions& options() const noexcept { return options_; }
  bool is_told(const World& world, const RecordedLine& line) const;
  void tell(const World& world, const RecordedLine& line) const;
  void tell(const World& world, const PacketView& packet) const;

 private:
  bool in_window(TimePoint at) const noexcept {
    return at >= options_.from && at <= options_.until;
  }
  bool chosen(std::string_view name) const;
  void print(TimePoint at, HostId host, std::string_view who, std::string text) const;

  Sink sink_;
  NarrationOptions options_;
};

// "SYN 10.0.0.1:40000 > 10.0.0.2:19919", "data 0..64 …", "datagram …": what a packet is, in a line.
std::string packet_text(const PacketView& packet);

}  // namespace piccolo::sim
