#include "piccolo/net_sim/faults.hpp"

#include "world_impl.hpp"

namespace piccolo {
namespace {

constexpr std::array<std::string_view, fault_kinds> kind_names{
    "refuse",     "delay",          "hup",       "partition",  "crash",
    "power-loss", "loss",           "duplicate", "reorder",    "hold",
    "throttle",   "swizzle",        "pause",     "clock-step", "clock-drift",
    "port-taken", "no-descriptors", "short-io",  "names"};

}  // namespace

std::string_view fault_kind_name(FaultKind kind) noexcept {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::optional<FaultKind> parse_fault_kind(std::string_view name) noexcept {
  for (std::size_t index = 0; index < kind_names.size(); ++index) {
    if (kind_names[index] == name) return static_cast<FaultKind>(index);
  }
  return std::nullopt;
}

void World::Impl::fault_begins(FaultKind kind, std::uint64_t subject,
                               std::int64_t amount) noexcept {
  ++faults[kind].injected;
  record(EventKind::fault, subject, 2 * static_cast<std::uint64_t>(kind) + 1,
         static_cast<std::uint64_t>(amount));
}

void World::Impl::fault_ends(FaultKind kind, std::uint64_t subject, std::int64_t amount) noexcept {
  record(EventKind::fault, subject, 2 * static_cast<std::uint64_t>(kind),
         static_cast<std::uint64_t>(amount));
}

}  // namespace piccolo
