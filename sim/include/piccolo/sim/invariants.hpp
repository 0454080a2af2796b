#pragma once

// What must hold of a Piccolo cluster, judged from outside the nodes, at the boundary between
// program and kernel:
//   stream_integrity     what is read was written by the other end, in order (the simulator's own)
//   echo                 a server writes back exactly what it read, in order
//   echo_complete        a server that saw the end of its input has echoed all of it when it closes
//   no_self_connection   no node connects to itself
//   one_stream_per_peer  never two outgoing streams from one node to another
//   reconnect            after the last heal every node exchanges an echo with every other in time
// That nodes stop when they are asked to, and leave nothing behind, holds for every world.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "piccolo/core/block_pool.hpp"
#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::sim {

// Bytes that one side produced and the other has not confirmed yet.
class PendingBytes {
 public:
  void expect(std::span<const std::byte> bytes);
  // Takes the bytes off the front; false if they are not what was expected.
  [[nodiscard]] bool confirm(std::span<const std::byte> bytes);
  std::size_t size() const noexcept { return bytes_.size() - confirmed_; }
  void clear() noexcept;  // keeps its memory

 private:
  std::vector<std::byte, block_pool::Allocator<std::byte>> bytes_;
  std::size_t confirmed_ = 0;
};

// What was exercised.
struct ClusterCounts {
  std::uint64_t starts = 0;    // of processes, restarts included
  std::uint64_t connects = 0;  // attempts
  std::uint64_t connected = 0;
  std::uint64_t refused = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t round_trips = 0;  // echoed messages
  std::uint64_t bytes_echoed = 0;
  std::uint64_t streams_failed = 0;  // reset, timed out or broken under a node
};

class ClusterInvariants final : public Observer {
 public:
  // `message_bytes`: an exchange counts when that much came back on one stream.
  ClusterInvariants(World& world, std::uint64_t message_bytes)
      : world_(world), message_bytes_(message_bytes) {}

  // From now on exchanges count towards `reconnect`, of each of these processes with each other.
  void healed(const std::vector<ProcessId>& processes);
  bool all_connected() const noexcept { return missing_.empty(); }
  // Ordered pairs (from, to) of them without an exchange since the heal.
  const std::set<std::pair<ProcessId, ProcessId>>& unconnected_pairs() const noexcept {
    return missing_;
  }
  std::string tell_unconnected() const;

  const ClusterCounts& counts() const noexcept { return counts_; }

  void process_started(ProcessId process) override;
  void process_ended(ProcessId process, bool killed) override;
  void connecting(ProcessId process, const Endpoint& remote) override;
  void connect_failed(ProcessId process, const Endpoint& remote,
                      const std::error_code& code) override;
  void connected(const StreamEnd& end) override;
  void accepted(const StreamEnd& end) override;
  void read(const StreamEnd& end, std::span<const std::byte> bytes) override;
  void wrote(const StreamEnd& end, std::span<const std::byte> bytes) override;
  void stream_failed(const StreamEnd& end, const std::error_code& code) override;
  void closed(const StreamEnd& end) override;

 private:
  struct Watched {
    ProcessId client = 0;
    ProcessId server = 0;
    Endpoint target;
    PendingBytes to_server;
    PendingBytes to_client;
    PendingBytes to_echo;
    std::uint64_t returned = 0;  // bytes the client got back
    bool client_open = false;
    bool server_open = false;
    bool connected = false;  // a paused client learns of it later than the server
    bool accepted = false;
    bool counted = false;  // in `open_between_`
    bool server_saw_end = false;
    bool server_failed = false;
    bool since_heal = false;
  };

  // The stream's entry, a new one for a stream that has none.
  Watched& watched(ConnectionId id);
  void forget(ConnectionId id);
  void both_ends_known(Watched& stream);
  void client_read(Watched& stream, std::span<const std::byte> bytes);
  void uncount(Watched& stream);
  void server_closed(const StreamEnd& end, const Watched& stream);
  void violated(std::string_view invariant, std::string detail);

  World& world_;
  std::uint64_t message_bytes_;
  bool healed_ = false;
  // Entries of streams that are no more are given to later ones, with the memory that they hold.
  std::vector<Watched, block_pool::Allocator<Watched>> streams_;
  std::vector<std::size_t, block_pool::Allocator<std::size_t>> unused_;  // of these entries
  std::unordered_map<ConnectionId, std::size_t, std::hash<ConnectionId>, std::equal_to<>,
                     block_pool::Allocator<std::pair<const ConnectionId, std::size_t>>>
      entry_of_;
  std::map<std::pair<ProcessId, ProcessId>, int> open_between_;
  std::set<std::pair<ProcessId, ProcessId>> missing_;
  std::set<ProcessId> killed_;
  ClusterCounts counts_;
};

}  // namespace piccolo::sim
