#include "piccolo/sim/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace piccolo::sim {
namespace {

constexpr std::size_t first_reserve = 64;

}  // namespace

void PendingBytes::expect(std::span<const std::byte> bytes) {
  if (size() == 0) clear();
  if (bytes_.capacity() == 0) bytes_.reserve(std::max(bytes.size(), first_reserve));
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

bool PendingBytes::confirm(std::span<const std::byte> bytes) {
  if (bytes.size() > size()) return false;
  if (bytes.empty()) return true;
  if (std::memcmp(bytes.data(), bytes_.data() + confirmed_, bytes.size()) != 0) return false;
  confirmed_ += bytes.size();
  return true;
}

void PendingBytes::clear() noexcept {
  bytes_.clear();
  confirmed_ = 0;
}

ClusterInvariants::Watched& ClusterInvariants::watched(ConnectionId id) {
  const auto [place, is_new] = entry_of_.try_emplace(id, streams_.size());
  if (!is_new) return streams_[place->second];
  if (unused_.empty()) return streams_.emplace_back();
  place->second = unused_.back();
  unused_.pop_back();
  return streams_[place->second];
}

void ClusterInvariants::forget(ConnectionId id) {
  const auto place = entry_of_.find(id);
  Watched& old = streams_[place->second];
  Watched next;
  for (PendingBytes Watched::* const bytes :
       {&Watched::to_server, &Watched::to_client, &Watched::to_echo}) {
    (old.*bytes).clear();
    next.*bytes = std::move(old.*bytes);
  }
  old = std::move(next);
  unused_.push_back(place->second);
  entry_of_.erase(place);
}

void ClusterInvariants::violated(std::string_view invariant, std::string detail) {
  world_.report_failure(invariant, std::move(detail));
}

void ClusterInvariants::process_started(ProcessId process) {
  ++counts_.starts;
  killed_.erase(process);
}

void ClusterInvariants::process_ended(ProcessId process, bool killed) {
  // Its clients may not know yet, but a stream to a process that is no more is not a stream to
  // its successor, which may even listen on another port.
  for (Watched& stream : streams_) {
    if (stream.accepted && stream.server == process) uncount(stream);
  }
  if (killed) killed_.insert(process);
}

void ClusterInvariants::connecting(ProcessId, const Endpoint&) { ++counts_.connects; }

void ClusterInvariants::connect_failed(ProcessId, const Endpoint&, const std::error_code& code) {
  if (code == std::errc::connection_refused) ++counts_.refused;
  if (code == std::errc::timed_out) ++counts_.timed_out;
}

void ClusterInvariants::connected(const StreamEnd& end) {
  ++counts_.connected;
  Watched& stream = watched(end.connection);
  stream.client = end.process;
  stream.target = end.remote;
  stream.client_open = true;
  stream.connected = true;
  stream.since_heal = healed_;
  if (stream.accepted) both_ends_known(stream);
}

void ClusterInvariants::accepted(const StreamEnd& end) {
  Watched& stream = watched(end.connection);
  stream.server = end.process;
  stream.accepted = true;
  stream.server_open = true;
  if (stream.connected) both_ends_known(stream);
}

void ClusterInvariants::both_ends_known(Watched& stream) {
  if (stream.server == stream.client) {
    violated("no_self_connection", fmt::format("{} connected to itself at [{}]",
                                               world_.process_name(stream.server), stream.target));
  }
  // The server may be gone, or its successor be there, by the time the client learns of it.
  if (!stream.client_open || !stream.server_open) return;
  stream.counted = true;
  if (++open_between_[{stream.client, stream.server}] > 1) {
    violated("one_stream_per_peer", fmt::format("{} has a second open stream to {}, at [{}]",
                                                world_.process_name(stream.client),
                                                world_.process_name(stream.server), stream.target));
  }
}

void ClusterInvariants::read(const StreamEnd& end, std::span<const std::byte> bytes) {
  Watched& stream = watched(end.connection);
  const bool at_server = end.role == Role::server;
  if (bytes.empty()) {
    if (at_server) stream.server_saw_end = true;
    return;
  }
  if (!(at_server ? stream.to_server : stream.to_client).confirm(bytes)) {
    violated("stream_integrity",
             fmt::format("{} read {} bytes from [{}] that were not sent so",
                         world_.process_name(end.process), bytes.size(), end.remote));
  }
  if (at_server) {
    stream.to_echo.expect(bytes);
  } else {
    client_read(stream, bytes);
  }
}

void ClusterInvariants::client_read(Watched& stream, std::span<const std::byte> bytes) {
  counts_.bytes_echoed += bytes.size();
  const std::uint64_t before = stream.returned / message_bytes_;
  stream.returned += bytes.size();
  const std::uint64_t messages = stream.returned / message_bytes_ - before;
  counts_.round_trips += messages;
  if (messages > 0 && stream.since_heal) missing_.erase({stream.client, stream.server});
}

void ClusterInvariants::wrote(const StreamEnd& end, std::span<const std::byte> bytes) {
  Watched& stream = watched(end.connection);
  if (end.role == Role::client) {
    stream.to_server.expect(bytes);
    return;
  }
  if (!stream.to_echo.confirm(bytes)) {
    violated("echo", fmt::format("{} wrote {} bytes to [{}] that are not an echo of what it read",
                                 world_.process_name(end.process), bytes.size(), end.remote));
  }
  stream.to_client.expect(bytes);
}

void ClusterInvariants::stream_failed(const StreamEnd& end, const std::error_code&) {
  ++counts_.streams_failed;
  if (end.role == Role::server) watched(end.connection).server_failed = true;
}

void ClusterInvariants::closed(const StreamEnd& end) {
  Watched& stream = watched(end.connection);
  if (end.role == Role::server) {
    stream.server_open = false;
    server_closed(end, stream);
  } else {
    stream.client_open = false;
    uncount(stream);
  }
  if (stream.accepted && stream.connected && !stream.client_open && !stream.server_open) {
    forget(end.connection);
  }
}

void ClusterInvariants::uncount(Watched& stream) {
  if (stream.counted) --open_between_[{stream.client, stream.server}];
  stream.counted = false;
}

void ClusterInvariants::server_closed(const StreamEnd& end, const Watched& stream) {
  const bool orderly = stream.server_saw_end && !stream.server_failed;
  if (orderly && !killed_.contains(end.process) && stream.to_echo.size() > 0) {
    violated("echo_complete",
             fmt::format("{} closed the stream from [{}] with {} bytes read but never echoed",
                         world_.process_name(end.process), end.remote, stream.to_echo.size()));
  }
}

void ClusterInvariants::healed(const std::vector<ProcessId>& processes) {
  healed_ = true;
  for (const ProcessId from : processes) {
    for (const ProcessId to : processes) {
      if (from != to) missing_.emplace(from, to);
    }
  }
}

std::string ClusterInvariants::tell_unconnected() const {
  const auto& [from, to] = *missing_.begin();
  return fmt::format("{} exchanged no echo with {} ({} such pairs)", world_.process_name(from),
                     world_.process_name(to), missing_.size());
}

}  // namespace piccolo::sim
