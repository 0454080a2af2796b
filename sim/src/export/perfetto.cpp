// The Trace Event Format:
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU

#include <fmt/format.h>

#include <optional>

#include "packet_words.hpp"
#include "piccolo/sim/export.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t world_pid = 1;  // of what concerns no host alone
constexpr std::size_t wire_tid = 1;   // of a host's packets
constexpr std::size_t first_tid = 2;  // of the programs

std::size_t pid_of(HostId host) { return world_pid + 1 + host; }

// Microseconds, in which the format counts, with all of the nanoseconds.
std::string micros(TimePoint at) {
  const std::int64_t nanoseconds = at.time_since_epoch().count();
  return fmt::format("{}.{:03}", nanoseconds / 1000, nanoseconds % 1000);
}

class Writer {
 public:
  Writer(const Recording& recording, const ByteSink& sink) : recording_(recording), sink_(sink) {}

  void write() {
    sink_(fmt::format(
        "{{\"displayTimeUnit\":\"ns\",\"otherData\":{{\"program\":\"piccolo\","
        "\"world\":{},\"seed\":\"{}\",\"trace_hash\":\"{:016x}\"}},\n"
        "\"traceEvents\":[",
        json_string(recording_.world), recording_.result.seed, recording_.result.trace_hash));
    names();
    faults();
    lines();
    packets();
    if (recording_.result.violation) violation(*recording_.result.violation);
    sink_("\n]}\n");
  }

 private:
  // `rest`: what stands behind the name and the phase.
  void event(std::string_view name, char phase, std::string_view rest) {
    sink_(fmt::format("{}\n{{\"name\":{},\"ph\":\"{}\",{}}}", first_ ? "" : ",", json_string(name),
                      phase, rest));
    first_ = false;
  }

  void name(std::string_view what, std::size_t pid, std::size_t tid, std::string_view is) {
    event(what, 'M',
          fmt::format(R"("pid":{},"tid":{},"args":{{"name":{}}})", pid, tid, json_string(is)));
  }

  void order(std::string_view what, std::size_t pid, std::size_t tid, std::size_t place) {
    event(what, 'M',
          fmt::format(R"("pid":{},"tid":{},"args":{{"sort_index":{}}})", pid, tid, place));
  }

  void names() {
    name("process_name", world_pid, 0, "world " + recording_.world);
    order("process_sort_index", world_pid, 0, 0);
    for (HostId host = 0; host < recording_.hosts.size(); ++host) {
      name("process_name", pid_of(host), 0, recording_.hosts[host].name);
      order("process_sort_index", pid_of(host), 0, host + 1);
      name("thread_name", pid_of(host), wire_tid, "packets");
    }
    for (ProcessId process = 0; process < recording_.processes.size(); ++process) {
      const RecordedProcess& of = recording_.processes[process];
      name("thread_name", pid_of(of.host), first_tid + process, of.name);
    }
  }

  // Faults overlap, so each is a track of its own on each of the hosts that it is about.
  void faults() {
    for (std::size_t index = 0; index < recording_.faults.size(); ++index) {
      const RecordedFault& fault = recording_.faults[index];
      if (fault.hosts.empty()) show(fault, index, world_pid);
      for (const HostId host : fault.hosts) show(fault, index, pid_of(host));
    }
  }

  void show(const RecordedFault& fault, std::size_t index, std::size_t pid) {
    const auto place = [&](TimePoint at) {
      return fmt::format(R"("cat":"fault","id2":{{"local":"f{}"}},"pid":{},"tid":0,"ts":{})", index,
                         pid, micros(at));
    };
    event(fault.text, 'b', place(fault.from));
    event(fault.text, 'e', place(fault.until));
  }

  void lines() {
    for (const RecordedLine& line : recording_.lines) {
      if (!line.process || *line.process >= recording_.processes.size()) {
        instant(line, "g", world_pid, 0);
        continue;
      }
      const HostId host = recording_.processes[*line.process].host;
      instant(line, "t", pid_of(host), first_tid + *line.process);
    }
  }

  void instant(const RecordedLine& line, std::string_view scope, std::size_t pid, std::size_t tid) {
    std::string rest =
        fmt::format(R"("cat":"{}","s":"{}","pid":{},"tid":{},"ts":{},"args":{{"event":{})",
                    line_kind_name(line.kind), scope, pid, tid, micros(line.at), line.event);
    if (line.kind == LineKind::log) {
      rest += fmt::format(R"(,"level":"{}")", log_level_name(line.level));
    }
    if (line.connection) rest += fmt::format(R"(,"connection":{})", *line.connection);
    event(line.text, 'i', rest + "}");
  }

  // An arrow needs a slice at each of its ends, and slices of one thread must not overlap: they
  // last for the nanosecond that the clock counts.
  void packets() {
    for (std::size_t index = 0; index < recording_.packets.size(); ++index) {
      const RecordedPacket& packet = recording_.packets[index];
      const bool arrived = packet.end == PacketEnd::arrived;
      slice(packet, packet.view.from, packet.view.at, fate_of(packet));
      if (!arrived) continue;
      flow('s', index, packet.view.from, packet.view.at, "");
      slice(packet, packet.view.to, packet.ended_at, "arrived");
      flow('f', index, packet.view.to, packet.ended_at, R"("bp":"e",)");
    }
  }

  static std::string_view fate_of(const RecordedPacket& packet) {
    switch (packet.end) {
      case PacketEnd::lost:
        return "lost";
      case PacketEnd::under_way:
        return "on its way to the end";
      case PacketEnd::arrived:
        break;
    }
    return "sent";
  }

  void slice(const RecordedPacket& packet, HostId host, TimePoint at, std::string_view fate) {
    const bool lost = packet.end == PacketEnd::lost;
    event((lost ? "lost: " : "") + packet_words(packet.view), 'X',
          fmt::format(R"("cat":"packet","pid":{},"tid":{},"ts":{},"dur":0.001,"args":{{)"
                      R"("from":"{}","to":"{}","flow":{},"fate":"{}","duplicate":{},)"
                      R"("retransmission":{}}})",
                      pid_of(host), wire_tid, micros(at), packet.view.source.to_string(),
                      packet.view.destination.to_string(), packet.view.flow, fate, packet.duplicate,
                      packet.retransmission));
  }

  void flow(char phase, std::size_t id, HostId host, TimePoint at, std::string_view binding) {
    event("packet", phase,
          fmt::format(R"("cat":"packet",{}"id":{},"pid":{},"tid":{},"ts":{})", binding, id,
                      pid_of(host), wire_tid, micros(at)));
  }

  void violation(const Violation& violation) {
    event(
        "violation of " + violation.invariant, 'i',
        fmt::format(R"("cat":"violation","s":"g","pid":{},"tid":0,"ts":{},"args":{{"detail":{}}})",
                    world_pid, micros(TimePoint(violation.at)), json_string(violation.detail)));
  }

  const Recording& recording_;
  const ByteSink& sink_;
  bool first_ = true;
};

}  // namespace

void write_perfetto(const Recording& recording, const ByteSink& sink) {
  Writer(recording, sink).write();
}

}  // namespace piccolo::sim
