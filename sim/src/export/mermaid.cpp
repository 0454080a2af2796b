#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "packet_words.hpp"
#include "piccolo/sim/export.hpp"

namespace piccolo::sim {
namespace {

// What would end the line or begin something, as entities: #59; is a semicolon.
std::string escaped(std::string_view text) {
  constexpr std::string_view special = ";#<>{}\"\\";
  std::string safe;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7f) {
      safe += ' ';
    } else if (special.find(character) != std::string_view::npos) {
      safe += fmt::format("#{};", static_cast<unsigned>(byte));
    } else {
      safe += character;
    }
  }
  // A bare `end` ends a block wherever it stands.
  return safe == "end" ? "#101;nd" : safe;
}

// An arrow of a packet, or a note.
struct Item {
  TimePoint at;
  std::uint64_t event = 0;
  std::vector<HostId> hosts;  // of an arrow from where to where
  std::string text;
  bool arrow = false;
  bool lost = false;
};

// In the order of time; of equal times in that of the trace.
bool earlier(const Item& one, const Item& other) {
  if (one.at != other.at) return one.at < other.at;
  return one.event != other.event ? one.event < other.event : one.arrow < other.arrow;
}

class Diagram {
 public:
  Diagram(const Recording& recording, const DiagramWindow& window)
      : recording_(recording), window_(window) {
    if (window_.until || !recording.result.violation) return;
    window_.until = TimePoint(recording.result.violation->at);
    to_the_violation_ = true;
  }

  void write(const ByteSink& sink) {
    gather();
    leave_out();
    choose_participants();
    sink("sequenceDiagram\n");
    for (const HostId host : participants_) {
      sink(fmt::format("  participant h{} as {}\n", host, escaped(recording_.hosts[host].name)));
    }
    if (participants_.empty()) return;
    if (earlier_ > 0) sink(note({}, fmt::format("{} earlier arrows are left out", earlier_)));
    for (const Item& item : items_) sink(item.arrow ? arrow(item) : note(item.hosts, timed(item)));
    if (later_ > 0) sink(note({}, fmt::format("{} later arrows are left out", later_)));
    if (to_the_violation_) tell_violation(sink);
  }

 private:
  bool shows(TimePoint at, const std::vector<HostId>& hosts) const {
    if (window_.from && at < *window_.from) return false;
    if (window_.until && at > *window_.until) return false;
    return !window_.host || hosts.empty() || std::ranges::count(hosts, *window_.host) > 0;
  }

  void add(Item item) {
    if (shows(item.at, item.hosts)) items_.push_back(std::move(item));
  }

  static std::string timed(const Item& item) {
    return fmt::format("{} {}", format_seconds(item.at.time_since_epoch()), item.text);
  }

  static std::string arrow(const Item& item) {
    return fmt::format("  h{}{}h{}: {}\n", item.hosts[0], item.lost ? "-x" : "->>", item.hosts[1],
                       escaped(timed(item)));
  }

  // Without hosts it concerns all.
  std::string note(const std::vector<HostId>& hosts, std::string_view text) const {
    const auto [first, last] = hosts.empty()
                                   ? std::pair(*participants_.begin(), *participants_.rbegin())
                                   : std::pair(std::ranges::min(hosts), std::ranges::max(hosts));
    return first == last ? fmt::format("  Note over h{}: {}\n", first, escaped(text))
                         : fmt::format("  Note over h{},h{}: {}\n", first, last, escaped(text));
  }

  void tell_violation(const ByteSink& sink) const {
    const Violation& violation = *recording_.result.violation;
    sink(note(
        {}, fmt::format("{} violation of {}: {}", format_seconds(violation.at), violation.invariant,
                        violation.detail.substr(0, violation.detail.find('\n')))));
  }

  void gather() {
    for (const RecordedPacket& packet : recording_.packets) {
      const PacketView& view = packet.view;
      const bool lost = packet.end == PacketEnd::lost;
      if (is_plain_ack(view) && !lost) continue;
      std::string text = packet_words(view);
      if (packet.retransmission) text += ", again";
      if (packet.duplicate) text += ", duplicated";
      add({view.at, packet.sent_event, {view.from, view.to}, std::move(text), true, lost});
    }
    for (const RecordedLine& line : recording_.lines) {
      if (line.kind != LineKind::fault) continue;
      add({line.at, line.event, hosts_of(line.text), line.text, false, false});
    }
    std::ranges::sort(items_, &earlier);
  }

  // The lines tell what struck; whom, the plan.
  std::vector<HostId> hosts_of(std::string_view text) const {
    for (const RecordedFault& fault : recording_.faults) {
      if (text.find(fault.text) != std::string_view::npos) return fault.hosts;
    }
    return {};
  }

  void leave_out() {
    const auto arrows = static_cast<std::size_t>(std::ranges::count(items_, true, &Item::arrow));
    if (arrows <= window_.arrows_max) return;
    const std::size_t extra = arrows - window_.arrows_max;
    if (to_the_violation_) {
      items_.erase(items_.begin(), behind_arrows(extra));
      earlier_ = extra;
    } else {
      items_.erase(behind_arrows(window_.arrows_max), items_.end());
      later_ = extra;
    }
  }

  std::vector<Item>::iterator behind_arrows(std::size_t count) {
    auto at = items_.begin();
    for (; count > 0; ++at) count -= at->arrow ? 1U : 0U;
    return at;
  }

  // All of them, or those that the chosen host has to do with.
  void choose_participants() {
    for (HostId host = 0; host < recording_.hosts.size(); ++host) {
      if (!window_.host || host == *window_.host) participants_.insert(host);
    }
    for (const Item& item : items_) participants_.insert(item.hosts.begin(), item.hosts.end());
  }

  const Recording& recording_;
  DiagramWindow window_;
  bool to_the_violation_ = false;
  std::vector<Item> items_;
  std::set<HostId> participants_;
  std::size_t earlier_ = 0;
  std::size_t later_ = 0;
};

}  // namespace

void write_mermaid(const Recording& recording, const DiagramWindow& window, const ByteSink& sink) {
  Diagram(recording, window).write(sink);
}

}  // namespace piccolo::sim
