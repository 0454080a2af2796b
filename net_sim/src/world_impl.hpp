#pragma once

// The inside of a world: what its parts ask of each other.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "datagram.hpp"
#include "event_queue.hpp"
#include "host_clock.hpp"
#include "link.hpp"
#include "piccolo/core/block_pool.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/net_sim/world.hpp"
#include "slot_list.hpp"
#include "tcp.hpp"

namespace piccolo {

class SimListener;
struct Incarnation;

inline constexpr HostId nowhere = static_cast<HostId>(-1);

inline std::uint64_t link_id(HostId from, HostId to) noexcept {
  return (static_cast<std::uint64_t>(from) << 32U) | to;
}

// What is wrong with a host's name.
struct NameTrouble {
  enum class What : std::uint8_t { none, unknown, unanswered, late, moved };
  What what = What::none;
  Duration late{0};
  HostId moved_to = 0;
};

// A machine: its kernel's tables.
struct Host {
  HostId id = 0;
  std::string name;
  Address v4;
  Address v6;
  bool up = true;
  TcpOptions tcp;
  PortRange ephemeral_ports;
  HostClock clock;
  std::uint32_t refusing = 0;
  std::uint32_t short_io = 0;                          // how many faults shorten reads and writes
  std::map<std::uint16_t, std::uint32_t> taken_ports;  // by others, and how often
  NameTrouble name_trouble;
  std::multimap<std::uint16_t, SimListener*> listeners;  // by port
  // Outgoing connections, by local port and remote end: that pair is unique, the port need not be.
  using LocalAndRemote = std::pair<std::uint16_t, Endpoint>;
  std::map<LocalAndRemote, Address, std::less<>,
           block_pool::Allocator<std::pair<const LocalAndRemote, Address>>>
      outgoing;
  SlotList<TcpEnd, &TcpEnd::host_slot> ends;
  std::multimap<std::uint16_t, SimDatagram*> datagram_sockets;  // by port
  std::uint64_t boots = 0;

  // Its number is part of its addresses, from 1 on.
  static Address v4_of(HostId host) noexcept;
  static Address v6_of(HostId host) noexcept;
  static std::size_t number_in(const Address& address) noexcept;

  bool owns(const Address& address) const noexcept {
    return address.is_loopback() || address == v4 || address == v6;
  }
  std::vector<Address> addresses() const;
  // The listener that an arriving SYN reaches: the exact address before the wildcard.
  SimListener* listener_for(const Endpoint& local) const noexcept;
  // The socket that a datagram reaches, likewise, unless it is connected to another peer.
  SimDatagram* datagram_socket_for(const Endpoint& local, const Endpoint& remote) const noexcept;
};

struct Process {
  ProcessId id = 0;
  HostId host = 0;
  std::string name;
  Program program;
  std::uint64_t starts = 0;
  std::uint16_t last_port = 0;  // that it listened on; 0 before it did
  std::unique_ptr<Incarnation> alive;
};

// Connects from one host to another.
struct Connects {
  std::uint64_t begun = 0;
  std::set<std::uint64_t> refused;  // by their numbers, from 1
};

// An action of the world's script.
struct ScriptedAction final : Event {
  World::Impl* world = nullptr;
  std::function<void()> action;
  void fire() noexcept override;

  static void* operator new(std::size_t bytes) { return block_pool::allocate(bytes); }
  static void operator delete(void* memory, std::size_t bytes) noexcept {
    block_pool::deallocate(memory, bytes);
  }
};

class World::Impl {
 public:
  Impl(std::uint64_t seed, const WorldOptions& options);
  ~Impl();

  static void* operator new(std::size_t bytes) { return block_pool::allocate(bytes); }
  static void operator delete(void* memory, std::size_t bytes) noexcept {
    block_pool::deallocate(memory, bytes);
  }

  // ---- events ----
  // Random ties make simultaneous events come in an order of the seed's choosing. `coordinate` is
  // the draw: a function of the seed, of whose event it is, and which. So it is under pct, too: its
  // priorities are about fibers, which compete as long as they are ready; two events do so for an
  // instant, and a network that always prefers one to the other hides what takes both orders.
  std::uint64_t tie(std::uint64_t coordinate) noexcept;
  void schedule(Event& event, TimePoint at, std::uint64_t tie_key) {
    queue.schedule(event, {at, tie_key});
  }
  void record(EventKind kind, std::uint64_t subject, std::uint64_t a = 0, std::uint64_t b = 0,
              std::uint64_t c = 0) noexcept {
    trace.record(now, kind, subject, a, b, c);
  }
  bool run_until(TimePoint until, bool to_the_end);
  void settle();
  std::string tasks() const;  // of all running processes
  void drain();
  std::uint64_t turns_left() const noexcept;
  void fail(std::string_view rule, std::string detail);

  // ---- faults ----
  void fault_begins(FaultKind kind, std::uint64_t subject, std::int64_t amount = 0) noexcept;
  void fault_ends(FaultKind kind, std::uint64_t subject, std::int64_t amount = 0) noexcept;

  // ---- what a caller's number stands for: it must be one that the world has given out ----
  Host& host(HostId id);
  Process& process(ProcessId id);

  // ---- network ----
  static void check(const LinkOptions& options);
  static void check(const TcpOptions& tcp);
  static void check(PortRange ports);
  Link& link(HostId from, HostId to);
  Segment& new_segment(Connection& connection);  // counted as in flight until recycled
  bool is_refused(HostId from, HostId to, const Connection& connection) const;
  void answer_syn(TcpEnd& server, const Segment& syn);
  void recycle(Segment& segment) noexcept;
  HostId host_of(const Address& address, HostId seen_from) const;
  // What the name server says of a host now; may add to the time that it takes.
  Result<std::vector<Endpoint>> look_up(const Host& host, std::uint16_t port, Duration& latency);
  void note_reapable(Connection& connection);
  void reap();
  Connection& new_connection(ConnectionId id);

  // ---- processes ----
  void start(Process& process);
  void end(Process& process, bool killed);
  void close_sockets(Process& process);
  void end_programs() noexcept;
  void reseed(std::uint64_t seed);

  template <class Call>
  void observe(Call call) {
    for (Observer* const observer : observers) call(*observer);
  }
  // Of what an end of a stream does: it is described once for all of them.
  template <class Call>
  void observe(const TcpEnd& of, Call call) {
    if (observers.empty()) return;
    const StreamEnd end = of.describe();
    for (Observer* const observer : observers) call(*observer, end);
  }

  std::uint64_t seed;
  WorldOptions options;
  Random random;
  const Random sites;      // which probes' sites are on, for the whole run
  std::uint64_t salt = 0;  // of all that programs draw
  TimePoint now;
  EventQueue queue;
  std::uint64_t events = 0;
  std::uint64_t sequence = 0;
  std::uint64_t scripted = 0;
  std::uint64_t resumed = 0;  // fibers, since the clock last advanced
  bool stirred = false;       // a program ran, or something was done to one, since observers looked
  bool interrupted = false;
  std::map<std::string, ProbeCount, std::less<>> probe_counts;
  Trace trace;
  PacketTap* tap = nullptr;
  FaultCounts faults;
  std::optional<WorldFailure> failure;
  std::vector<Observer*> observers;
  std::deque<Host> hosts;
  std::map<std::string, HostId, std::less<>> host_by_name;
  std::unordered_map<std::uint64_t, std::unique_ptr<Link>> links;
  std::map<std::uint64_t, Connects> connects;  // by link
  std::deque<Process> processes;
  // Of processes that are no more, but something outside of them holds a socket of theirs.
  std::vector<std::unique_ptr<Incarnation>> survivors;
  std::vector<Incarnation*> runnable;
  std::vector<std::unique_ptr<ScriptedAction>> script;
  SlotList<Connection, &Connection::world_slot> connections;
  std::vector<Connection*> maybe_finished;
  std::vector<std::unique_ptr<Segment>> segments;
  Segment* free_segments = nullptr;
  Datagrams datagrams;
};

}  // namespace piccolo
