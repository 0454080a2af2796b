#include "piccolo/sim/narration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "story_line.hpp"

namespace piccolo::sim {
namespace {

constexpr HostId no_host = static_cast<HostId>(-1);
constexpr std::size_t indent = 20;     // columns before the text
constexpr std::size_t narrowest = 40;  // below that, breaking lines makes nothing better

StoryDetail detail_of(LineKind kind) {
  switch (kind) {
    case LineKind::note:
    case LineKind::fault:
    case LineKind::process:
      return StoryDetail::faults;
    case LineKind::log:
      return StoryDetail::logs;
    case LineKind::connect:
    case LineKind::stream:
      return StoryDetail::streams;
    case LineKind::listen:
    case LineKind::data:
    case LineKind::datagram:
      return StoryDetail::data;
  }
  return StoryDetail::data;
}

bool is_of_a_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

// As a whole word.
bool names(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at == 0 || !is_of_a_name(text[at - 1]);
    if (begins && (end == text.size() || !is_of_a_name(text[end]))) return true;
  }
  return false;
}

bool names_any_host(const World& world, std::string_view text) {
  for (HostId host = 0; host < world.host_count(); ++host) {
    if (names(text, world.host_name(host))) return true;
  }
  return false;
}

// Red is for what is broken.
std::string_view color_of(HostId host) {
  constexpr std::array<std::string_view, 8> colors{"\x1b[36m", "\x1b[33m", "\x1b[32m", "\x1b[35m",
                                                   "\x1b[34m", "\x1b[96m", "\x1b[93m", "\x1b[92m"};
  return host == no_host ? "\x1b[1m" : colors[host % colors.size()];
}

std::size_t break_before(std::string_view text, std::size_t width) {
  if (text.size() <= width) return text.size();
  const std::size_t space = text.rfind(' ', width);
  return space == std::string_view::npos || space == 0 ? width : space;
}

std::string broken_into_lines(std::string_view text, std::size_t width) {
  std::string lines;
  for (;;) {
    const std::size_t end = break_before(text, width);
    lines += text.substr(0, end);
    text.remove_prefix(
        std::min(text.size(), end + (end < text.size() && text[end] == ' ' ? 1 : 0)));
    if (text.empty()) return lines;
    lines += "\n" + std::string(indent, ' ');
  }
}

std::string flags_text(const TcpFlags& flags) {
  std::string text;
  const auto add = [&text](bool set, std::string_view name) {
    if (!set) return;
    if (!text.empty()) text += '-';
    text += name;
  };
  add(flags.syn, "SYN");
  add(flags.fin, "FIN");
  add(flags.rst, "RST");
  add(flags.probe, "PROBE");
  add(flags.ack, "ACK");
  return text;
}

std::string tcp_text(const PacketView& packet) {
  const TcpView& tcp = packet.tcp;
  std::string text = fmt::format("{} {} > {}", flags_text(tcp.flags), packet.source.to_string(),
                                 packet.destination.to_string());
  if (packet.payload_bytes > 0) {
    text += fmt::format(" bytes {}..{}", tcp.sequence, tcp.sequence + packet.payload_bytes);
  }
  if (tcp.flags.ack && !tcp.flags.syn) text += fmt::format(" ack {}", tcp.acknowledged);
  return text;
}

}  // namespace

std::string packet_text(const PacketView& packet) {
  switch (packet.protocol) {
    case PacketProtocol::tcp:
      return tcp_text(packet);
    case PacketProtocol::udp:
      return fmt::format("datagram {} > {} {} bytes", packet.source.to_string(),
                         packet.destination.to_string(), packet.payload_bytes);
    case PacketProtocol::icmp:
      return fmt::format("port unreachable {} > {}", packet.source.address.to_string(),
                         packet.destination.address.to_string());
  }
  return {};
}

bool Narration::chosen(std::string_view name) const {
  return options_.hosts.empty() || std::ranges::find(options_.hosts, name) != options_.hosts.end();
}

bool Narration::is_told(const World& world, const RecordedLine& line) const {
  if (!in_window(line.at) || detail_of(line.kind) > options_.detail) return false;
  if (line.kind == LineKind::log && line.level < options_.level) return false;
  if (options_.hosts.empty()) return true;
  if (line.process) {
    return chosen(world.process_name(*line.process)) ||
           chosen(world.host_name(world.process_host(*line.process)));
  }
  const auto about = [&line](const std::string& name) { return names(line.text, name); };
  return std::ranges::any_of(options_.hosts, about) || !names_any_host(world, line.text);
}

void Narration::tell(const World& world, const RecordedLine& line) const {
  if (!is_told(world, line)) return;
  std::string text = story_text(line);
  if (!line.process) return print(line.at, no_host, "*", std::move(text));
  print(line.at, world.process_host(*line.process), world.process_name(*line.process),
        std::move(text));
}

void Narration::tell(const World& world, const PacketView& packet) const {
  const std::string& from = world.host_name(packet.from);
  const std::string& to = world.host_name(packet.to);
  if (!in_window(packet.at) || !(chosen(from) || chosen(to))) return;
  const auto told = [&](HostId at, std::string_view what) {
    print(packet.at, at, world.host_name(at), fmt::format("{} {}", what, packet_text(packet)));
  };
  switch (packet.step) {
    case PacketStep::sent:
      return told(packet.from, fmt::format("-> {}", to));
    case PacketStep::duplicated:
      return told(packet.from, fmt::format("=> {} (a duplicate)", to));
    case PacketStep::arrived:
      return told(packet.to, fmt::format("<- {}", from));
    case PacketStep::lost:
      return told(packet.from, fmt::format("-x {} (lost)", to));
  }
}

void Narration::print(TimePoint at, HostId host, std::string_view who, std::string text) const {
  if (options_.width >= narrowest) text = broken_into_lines(text, options_.width - indent);
  if (!options_.colors) return sink_(story_line(at, who, text));
  const std::string time = format_seconds(at.time_since_epoch());
  sink_(fmt::format("\x1b[2m{:>12}\x1b[0m  {}{:<5}\x1b[0m {}", time, color_of(host), who, text));
}

}  // namespace piccolo::sim
