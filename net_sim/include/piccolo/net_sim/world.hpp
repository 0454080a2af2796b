#pragma once

// A simulated world: hosts, the links between them, processes on the hosts, and one queue of
// events in virtual time. Everything that happens is a function of the seed, the options and the
// calls made here. Single-threaded; two worlds may run on two threads.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "piccolo/net_sim/faults.hpp"
#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/options.hpp"
#include "piccolo/net_sim/trace.hpp"

namespace piccolo {

// The same for the real network: what a process runs.
using Program = std::function<Task<void>(Env&)>;

enum class HangUp : std::uint8_t { reset, end_of_stream };

// The run cannot go on: a program threw, spun without waiting, or an observer said so.
struct WorldFailure {
  std::string rule;    // "exception", "spin", or the invariant's name
  std::string detail;  // one line or several
  TimePoint at;
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
  void stop(ProcessId process);   // politely: cancels the program, which may take its time
  // SIGKILL: its kernel closes its sockets, with FIN or RST as Linux does; then its frames are
  // destroyed. No destructor of the program reaches the network.
  void kill(ProcessId process);
  bool running(ProcessId process) const;
  // Streams, listeners and datagram sockets that the process holds, and its fibers, now.
  std::size_t open_sockets(ProcessId process) const;
  std::size_t live_fibers(ProcessId process) const;

  // ---- faults; each counts itself as injected ----

  // Silence: all processes and all sockets of the host are gone without a word.
  void power_off(HostId host);
  void power_on(HostId host);  // processes stay down until started
  bool powered(HostId host) const;
  // One direction loses everything, segments in flight included. Cuts nest: mend as often.
  void cut(HostId from, HostId to);
  void mend(HostId from, HostId to);
  void partition(HostId a, HostId b);  // both directions
  void heal(HostId a, HostId b);
  void refuse_connects(HostId host);  // nests likewise
  void accept_connects(HostId host);
  void add_delay(HostId from, HostId to, Duration extra);
  void remove_delay(HostId from, HostId to, Duration extra);
  // Hangs up on one established stream between the two hosts, chosen by `pick` among those there
  // are. False when there is none.
  bool hang_up(HostId a, HostId b, HangUp how, std::uint64_t pick);

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

  void report_failure(std::string_view rule, std::string detail);
  const std::optional<WorldFailure>& failure() const noexcept;

  // ---- what happened ----

  const Trace& trace() const noexcept;
  const FaultCounts& fault_counts() const noexcept;
  std::uint64_t events() const noexcept;
  // Connections of which anything is left, in kernels or in flight.
  std::size_t live_connections() const noexcept;
  // The tasks of all running processes, for a stuck world.
  std::string task_tree() const;
  std::uint64_t seed() const noexcept;

  class Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace piccolo
