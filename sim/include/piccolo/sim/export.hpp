#pragma once

// Recordings as files that other programs read. docs/formats.md tells each field.
//
// All writers hand over their bytes in order, piece by piece, and keep none; what the sink throws
// passes through. Strings of the world that are no UTF-8 are repaired with U+FFFD.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

using ByteSink = std::function<void(std::string_view bytes)>;

// For Wireshark: pcapng with an interface for each host, and each packet once, when and where it is
// sent. Headers are made up from what the simulator knows, with right checksums; comments tell
// which packets were lost, and faults. Times are those of the world's wall clock.
void write_pcapng(const Recording& recording, const ByteSink& sink);

// For ui.perfetto.dev and chrome://tracing: JSON of the Trace Event Format. Hosts are processes,
// programs are threads, packets are arrows. Times are virtual.
void write_perfetto(const Recording& recording, const ByteSink& sink);

// JSON Lines: all of the recording, one object a line.
void write_jsonl(const Recording& recording, const ByteSink& sink);

// What `write_jsonl` wrote, without packets, which are looked at but not kept. An error is one line
// that begins with "NAME:LINE: ".
std::expected<Recording, std::string> read_jsonl(std::istream& from, std::string_view name);

// What a diagram shows. Times are virtual, and both included.
struct DiagramWindow {
  std::optional<TimePoint> from;
  std::optional<TimePoint> until;  // unless given: the violation, if there was one
  std::optional<HostId> host;      // only what it takes part in
  std::size_t arrows_max = 60;     // the last ones before a violation, else the first ones
};

// A sequence diagram in Mermaid's language, for issues and Markdown.
void write_mermaid(const Recording& recording, const DiagramWindow& window, const ByteSink& sink);

}  // namespace piccolo::sim
