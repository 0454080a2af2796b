#pragma once

// A simulated world: hosts, the links between them, processes on the hosts, and one queue of
// events in virtual time. Everything that happens is a function of the seed, the options and the
// calls made here. Single-threaded; two worlds may run on two threads.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "piccolo/net_sim/faults.hpp"
#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/options.hpp"
#include "piccolo/net_sim/packet_tap.hpp"
#include "piccolo/net_sim/trace.hpp"

namespace piccolo {

// The same for the real network: what a process runs.
using Program = std::function<Task<void>(Env&)>;

enum class HangUp : std::uint8_t { reset, end_of_stream };

// The run cannot go on: a program threw, spun without waiting, or an observer said so.
struct WorldFailure {
  std::string rule;    // "exception", "spin", "endless", "no_leak", or the invariant's name
  std::string detail;  // one line or several
  TimePoint at;
};

// What became of one `Probes::buggify` of the programs' code, all processes together.
struct ProbeCount {
  std::uint64_t passed = 0;
  std::uint64_t fired = 0;
};

class World {
 public:
  World(std::uint64_t seed, const WorldOptions& options);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // ---- what there is ----

  // Addresses 10.0.x.y and fd00::x:y beside loopback; `name` resolves to them.
  HostId add_host(std::string name);
  const std::string& host_name(HostId host) const;
  Address host_address(HostId host, Address::Family family = Address::Family::v4) const;
  std::size_t host_count() const noexcept;

  // Not started yet. Each start runs `program` anew, with randomness of its own.
  ProcessId add_process(HostId host, std::string name, Program program);
  const std::string& process_name(ProcessId process) const;
  HostId process_host(ProcessId process) const;
  std::size_t process_count() const noexcept;

  // Observers are called in the order of their adding and must outlive the world.
  void add_observer(Observer& observer);

  // ---- processes ----

  void start(ProcessId process);  // nothing if it runs, or its host is down
  // Politely: cancels the program, which may take its time; a paused one learns it on resuming.
  void stop(ProcessId process);
  // SIGKILL: its kernel closes its sockets, with FIN or RST as Linux does; then its frames are
  // destroyed. No destructor of the program reaches the network.
  // The fault of kind `crash`.
  void kill(ProcessId process);
  // As a supervisor does it: SIGKILL if it runs, and a new start. Counts as no fault.
  void restart(ProcessId process);
  bool running(ProcessId process) const;
  // The frames of all programs are destroyed, silently, and observers hear no more: after that,
  // objects that programs and observers share may go before the world does, and with them what
  // they hold of it. Nothing can be run any more.
  void end_programs() noexcept;
  // The port that the process listens on, or listened on last; 0 if it never did.
  std::uint16_t last_port(ProcessId process) const;
  // Streams, listeners and datagram sockets that the process holds, and its fibers, now.
  std::size_t open_sockets(ProcessId process) const;
  std::size_t live_fibers(ProcessId process) const;
  // Ports of the host's kernel that somebody listens on, has bound, or that a connection holds,
  // lingering ones included.
  std::size_t ports_in_use(HostId host) const;

  // ---- faults of machines and processes; each call that puts one in place counts as injected ----

  // Silence: all processes and all sockets of the host are gone without a word.
  void power_off(HostId host);
  void power_on(HostId host);  // processes stay down until started
  bool powered(HostId host) const;

  void refuse_connects(HostId host);  // nests: as many calls take it back
  void accept_connects(HostId host);
  // The `nth` connect of the one host's processes to the other, counted from the start of the world
  // and from 1, is refused whenever it arrives. Nothing takes it back; a connect that was answered
  // before the call is not touched.
  void refuse_connect(HostId from, HostId to, std::uint64_t nth);

  // The process stops running while its kernel goes on. Nothing if it does not run, or is paused
  // already; its end, however it comes, ends the pause as well.
  void pause(ProcessId process);
  void resume(ProcessId process);

  // Accepting, connecting and listening fail with `too_many_files_open`; what is open goes on.
  // Nothing if the process does not run; a restarted one has all its descriptors again.
  void exhaust_descriptors(ProcessId process);
  void free_descriptors(ProcessId process);

  // Reads give and writes take fewer bytes than they could, down to one. Nests.
  void shorten_io(HostId host);
  void restore_io(HostId host);

  // Somebody else listens on the port: `listen` fails with `address_in_use`, connects are refused.
  // Who listens there already goes on. Nests.
  void take_port(HostId host, std::uint16_t port);
  void give_back_port(HostId host, std::uint16_t port);

  // The wall clock jumps by that much and stays there; the monotonic clock does not move.
  void step_wall_clock(HostId host, Duration by);
  // From now on both clocks of the host run that much too fast (or too slow, if negative); at most
  // 100,000 ppm. 0 ends it: what the clocks are ahead by then, they stay ahead.
  void drift_clock(HostId host, std::int32_t ppm);

  // Lookups of the host's name fail with `host_not_found` or `resolve_again`, come late, or give
  // another host's addresses. The last call counts; lookups that are under way are not touched.
  void hide_name(HostId host);
  void silence_name(HostId host);
  void slow_name(HostId host, Duration by);
  void move_name(HostId host, HostId to);
  void restore_name(HostId host);

  // Hangs up on one established stream between the two hosts, chosen by `pick` among those there
  // are. False when there is none.
  bool hang_up(HostId a, HostId b, HangUp how, std::uint64_t pick);

  // ---- faults of links, one direction each unless said otherwise; all of them nest ----

  // Loses everything, segments in flight included.
  void cut(HostId from, HostId to);
  void mend(HostId from, HostId to);
  void partition(HostId a, HostId b);  // both directions
  void heal(HostId a, HostId b);
  void isolate(HostId host);  // from all others
  void rejoin(HostId host);
  void split(std::span<const HostId> side);  // these from the others
  void unite(std::span<const HostId> side);
  void leave_ring();  // each of at least 4 hosts reaches its two neighbours only
  void heal_ring();

  // As `isolate`, but counted as part of a swizzle.
  void clog(HostId host);
  void unclog(HostId host);
  // Clogs the hosts one by one, and lets them back in another order; all within `lasting` from
  // now. The moments depend on `pick`.
  void swizzle(std::span<const HostId> hosts, Duration lasting, std::uint64_t pick);

  void add_delay(HostId from, HostId to, Duration extra);
  void remove_delay(HostId from, HostId to, Duration extra);
  // In parts per million, on top of what the link does by itself.
  void add_loss(HostId from, HostId to, std::uint32_t ppm);
  void remove_loss(HostId from, HostId to, std::uint32_t ppm);
  void add_duplication(HostId from, HostId to, std::uint32_t ppm);
  void remove_duplication(HostId from, HostId to, std::uint32_t ppm);
  // Some packets are held back by up to `by`, so that later ones overtake them.
  void add_reordering(HostId from, HostId to, std::uint32_t ppm, Duration by);
  void remove_reordering(HostId from, HostId to, std::uint32_t ppm, Duration by);
  // Keeps everything back; on release it goes on its way in the order it came.
  void hold(HostId from, HostId to);
  void release(HostId from, HostId to);
  void throttle(HostId from, HostId to, std::uint64_t bytes_per_second);
  void unthrottle(HostId from, HostId to, std::uint64_t bytes_per_second);

  // ---- links ----

  void set_link(HostId from, HostId to, const LinkOptions& options);

  // ---- kernels: for the connections that begin from now on ----

  void set_tcp(HostId host, const TcpOptions& options);
  void set_ephemeral_ports(HostId host, PortRange ports);

  // ---- time ----

  TimePoint now() const noexcept;
  // Calls `action` at that virtual time, before anything else that happens then.
  void at(TimePoint when, std::function<void()> action);
  // Runs until the virtual time, or a failure. True when no failure was reported.
  bool run_until(TimePoint until);
  // Runs until nothing is left to happen.
  bool run_until_idle();
  // Ends the run that is under way after the present event; for observers and scripted actions.
  void interrupt() noexcept;

  void report_failure(std::string_view rule, std::string detail);
  const std::optional<WorldFailure>& failure() const noexcept;

  // From now on, all that is drawn is drawn from another seed: by links, kernels and clocks, the
  // order of tasks and of simultaneous events, when probes fire, and what programs draw from their
  // environments, by sequences that they hold already as well. What is under way stays as it was
  // drawn, and so do the options and which probes' sites are on. Between events, or by a scripted
  // action.
  void reseed(std::uint64_t seed);

  // ---- what happened ----

  WallTime wall_start() const noexcept;  // `WorldOptions::wall_start`

  const Trace& trace() const noexcept;
  // Who sees each event of the trace, and each packet: one each, or nobody. They must outlive the
  // world, or be taken away, and cost a branch where there is none.
  void watch_trace(TraceSink* sink) noexcept;
  void tap_packets(PacketTap* tap) noexcept;
  const FaultCounts& fault_counts() const noexcept;
  std::uint64_t events() const noexcept;
  // By the sites' names, sites that no program came to left out.
  const std::map<std::string, ProbeCount, std::less<>>& probe_counts() const noexcept;
  // Connections of which anything is left, in kernels or in flight.
  std::size_t live_connections() const noexcept;
  // The tasks of all running processes, for a stuck world.
  std::string task_tree() const;
  // A machine as it is now, for people: power, troubles, processes with their tasks, streams.
  std::string tell_host(HostId host) const;
  std::uint64_t seed() const noexcept;  // that it draws from now

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace piccolo
