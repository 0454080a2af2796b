// What a person who stopped the world wants to see of a machine.

#include <fmt/format.h>

#include <array>

#include "incarnation.hpp"
#include "tcp.hpp"
#include "world_impl.hpp"

namespace piccolo {
namespace {

std::string_view state_name(TcpEnd::State state) {
  constexpr std::array<std::string_view, 6> state_names{"none",        "SYN sent",  "SYN received",
                                                        "established", "TIME_WAIT", "dead"};
  return state_names[static_cast<std::size_t>(state)];
}

std::string tell_process(const World& world, const Process& process) {
  if (!process.alive) return fmt::format("  process {}: not running\n", process.name);
  std::string text = fmt::format("  process {}: {}, {} sockets, {} fibers", process.name,
                                 process.alive->paused ? "paused" : "running",
                                 world.open_sockets(process.id), world.live_fibers(process.id));
  if (process.last_port != 0) text += fmt::format(", listens or listened on {}", process.last_port);
  text += "\n";
  const std::string tree = process.alive->executor.task_tree();
  std::string_view rest = tree;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    text += fmt::format("    {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

std::string tell_machine(const Host& host) {
  std::string text = fmt::format("{}: {}, {} {}", host.name, host.up ? "has power" : "has no power",
                                 host.v4.to_string(), host.v6.to_string());
  if (host.refusing > 0) text += ", refuses connects";
  if (host.short_io > 0) text += ", reads and writes are short";
  for (const auto& [port, times] : host.taken_ports) {
    if (times > 0) text += fmt::format(", port {} is taken by others", port);
  }
  if (host.name_trouble.what != NameTrouble::What::none) text += ", its name is in trouble";
  return text + "\n";
}

}  // namespace

std::string TcpEnd::tell() const {
  std::string text =
      fmt::format("{} {} {} {}", local_.to_string(), role_ == Role::client ? "->" : "<-",
                  remote_.to_string(), state_name(state_));
  if (state_ == State::established) {
    text += fmt::format(", {} bytes to read, {} to be acknowledged", readable(),
                        outgoing_.end() - std::min(acknowledged_, outgoing_.end()));
  }
  if (backoff_ > 0) text += fmt::format(", tried again {} times", backoff_);
  if (fin_received_) text += ", the peer has ended";
  if (closed_) text += ", closed by its program";
  return text;
}

std::string World::tell_host(HostId id) const {
  const Host& host = impl_->host(id);
  std::string text = tell_machine(host);
  for (const Process& process : impl_->processes) {
    if (process.host == id) text += tell_process(*this, process);
  }
  for (const TcpEnd* const end : host.ends) text += fmt::format("  stream {}\n", end->tell());
  return text;
}

}  // namespace piccolo
