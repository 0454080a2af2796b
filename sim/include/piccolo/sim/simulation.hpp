#pragma once

// One run of a world, as the world's `build` sees it: what there is, who acts, and what must hold.
//
//   void build(Simulation& sim) {
//     auto& state = sim.keep<State>();
//     const HostId host = sim.add_host("n1");
//     sim.add_node(host, "n1", [](Env& env) { return my_node(env); });
//     sim.add_client("c1", [&state](Env& env) { return my_client(env, state); });
//     sim.always("one leader", [&state] { return state.leaders <= 1; });
//   }
//
// The run: nodes and clients start; faults strike the nodes for the scenario's duration; all is
// healed, or a core is, and what must happen eventually has its time to; everybody is asked to
// stop; nothing may be left.
//
// Single-threaded, like the world. Valid during the run only.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "piccolo/core/random.hpp"
#include "piccolo/net_sim/world.hpp"
#include "piccolo/sim/parameters.hpp"

namespace piccolo::sim {

// Does it hold now? Asked often, so cheap; it must not change anything.
using Condition = std::function<bool()>;
// What to print of the state that broke an invariant; asked once. May be null.
using State = std::function<std::string()>;

class Simulation {
 public:
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  // ---- what was chosen ----

  const Parameters& parameters() const noexcept;
  Duration duration() const noexcept;  // while faults strike
  // For what `build` draws: equal for equal seeds.
  const Random& random() const noexcept;
  // Listed faults name hosts and nodes, and links of pairs do, so then those must not depend on the
  // seed.
  bool hosts_are_named() const noexcept;

  // ---- who there is ----

  // Of the network and all kernels; what is set here goes before what the seed draws, and behind
  // what the scenario says. To be set before the first host is added. Kernels are drawn while `tcp`
  // is as it comes; a host that is to have Linux's very own is given it by `world().set_tcp`.
  WorldOptions& options() noexcept;
  // With what is not wrapped here. Add hosts and processes by the functions below.
  World& world();

  // Faults strike the hosts that are added here. Their kernels are drawn by the seed.
  HostId add_host(std::string name);
  // Starts with the run, and again after a crash or a power loss. `program` is called for each
  // start.
  ProcessId add_node(HostId host, std::string name, Program program);
  // A workload on a host of its own, which no fault strikes but those of links to the nodes. Add
  // clients behind all hosts and nodes.
  ProcessId add_client(std::string name, Program program);

  // An object that lives until all programs are gone: shared by them and invariants, perhaps an
  // observer for `world().add_observer`. What a program leaves in it, a stream or a task, it leaks.
  template <class T, class... Arguments>
  T& keep(Arguments&&... arguments) {
    auto object = std::make_shared<T>(std::forward<Arguments>(arguments)...);
    T& kept = *object;
    keep_object(std::move(object));
    return kept;
  }

  // ---- what must hold; names are for people, and unique ----

  // Asked after everything that made a program run, until the end is near and all are stopped.
  void always(std::string name, Condition holds, State state = nullptr);
  void never(std::string name, Condition happens, State state = nullptr);
  // At some moment after all faults are over, `within` that time at the latest.
  void eventually(std::string name, Duration within, Condition comes_true, State state = nullptr);
  // In one run at least of a campaign, or the campaign says so; programs tell of it as well, by
  // `Probes::sometimes`, and `happens` may then be null.
  void sometimes(std::string name, Condition happens = nullptr);
  // When everything has stopped: empty, or what is wrong.
  void at_end(std::string name, std::function<std::string()> complaint);
  // A process holds no more sockets than that: streams, listeners and datagram sockets.
  void limit_sockets(ProcessId process, std::size_t most);

  // For observers: broken now, with the state that broke it. The run ends.
  void violated(std::string_view invariant, std::string detail);

  // ---- liveness of a part ----

  // Some hosts of the nodes must make progress without the others: any that are so many. In half
  // of the runs a core is drawn; it is healed, and the others stay as broken as they are.
  void core_of(std::size_t hosts_min);
  // Is the host one that was healed? True for all hosts unless a core was drawn.
  bool in_core(HostId host) const noexcept;
  bool healed() const noexcept;  // are all faults over?
  // Called when they are.
  void at_heal(std::function<void()> action);

  // How long a program may take to end when it is asked to; one second unless set.
  void set_stop_patience(Duration patience) noexcept;

  // ---- what is told ----

  // A number that reports print, summed up over a campaign; asked for when the run is over.
  void counter(std::string name, std::function<std::uint64_t()> value);
  // A line of the run's story.
  void note(std::string_view text) const;
  // Does anybody hear it? In a campaign nobody does, and a line that costs something to make need
  // not be made.
  bool is_told() const noexcept;

  class Impl;
  explicit Simulation(Impl& impl) noexcept : impl_(impl) {}  // for `run_world` only

 private:
  void keep_object(std::shared_ptr<void> object);

  Impl& impl_;
};

}  // namespace piccolo::sim
