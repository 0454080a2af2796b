// What `build` may say.

#include "piccolo/sim/simulation.hpp"

#include <fmt/format.h>

#include "piccolo/core/assert.hpp"
#include "piccolo/sim/network_shape.hpp"
#include "simulation_impl.hpp"

namespace piccolo::sim {

const Parameters& Simulation::parameters() const noexcept { return impl_.scenario.parameters; }
Duration Simulation::duration() const noexcept { return impl_.scenario.duration; }
const Random& Simulation::random() const noexcept { return impl_.random; }
bool Simulation::hosts_are_named() const noexcept {
  const Scenario& scenario = impl_.scenario;
  return !scenario.layout_drawn && (scenario.listed.has_value() || !scenario.links.empty());
}

WorldOptions& Simulation::options() noexcept {
  PICCOLO_ASSERT(!impl_.the_world, "options were asked for after the first host was added");
  return impl_.options;
}

World& Simulation::world() { return impl_.world(); }

HostId Simulation::add_host(std::string name) {
  PICCOLO_ASSERT(impl_.processes.size() == impl_.nodes, "a host was added after a client");
  const HostId host = world().add_host(std::move(name));
  impl_.hosts.push_back(host);
  const bool chosen = impl_.scenario.usual_kernels || impl_.options.tcp != TcpOptions();
  const TcpOptions tcp =
      chosen ? impl_.options.tcp : draw_tcp(Random(impl_.seed).child("kernel", host));
  world().set_tcp(host, tcp);
  if (is_told()) note(fmt::format("{}: {}", world().host_name(host), describe(tcp)));
  return host;
}

ProcessId Simulation::add_node(HostId host, std::string name, Program program) {
  PICCOLO_ASSERT(impl_.processes.size() == impl_.nodes, "a node was added after a client");
  const ProcessId process = world().add_process(host, std::move(name), std::move(program));
  impl_.processes.push_back(process);
  ++impl_.nodes;
  return process;
}

ProcessId Simulation::add_client(std::string name, Program program) {
  const HostId host = world().add_host(name);
  const ProcessId process = world().add_process(host, std::move(name), std::move(program));
  impl_.processes.push_back(process);
  return process;
}

void Simulation::keep_object(std::shared_ptr<void> object) {
  impl_.kept.push_back(std::move(object));
}

void Simulation::always(std::string name, Condition holds, State state) {
  PICCOLO_ASSERT(holds != nullptr, "an invariant was given no condition");
  impl_.claim_name(name);
  impl_.invariants.push_back({std::move(name), std::move(holds), std::move(state), false});
}

void Simulation::never(std::string name, Condition happens, State state) {
  PICCOLO_ASSERT(happens != nullptr, "an invariant was given no condition");
  impl_.claim_name(name);
  impl_.invariants.push_back({std::move(name), std::move(happens), std::move(state), true});
}

void Simulation::eventually(std::string name, Duration within, Condition comes_true, State state) {
  PICCOLO_ASSERT(comes_true != nullptr, "an invariant was given no condition");
  PICCOLO_ASSERT(within.count() > 0, "an invariant was given no time to come true");
  impl_.claim_name(name);
  impl_.eventuals.push_back({std::move(name), within, std::move(comes_true), std::move(state)});
}

void Simulation::sometimes(std::string name, Condition happens) {
  impl_.claim_name(name);
  impl_.possibilities.push_back({std::move(name), std::move(happens)});
}

void Simulation::at_end(std::string name, std::function<std::string()> complaint) {
  PICCOLO_ASSERT(complaint != nullptr, "an invariant was given nothing to ask");
  impl_.claim_name(name);
  impl_.end_checks.push_back({std::move(name), std::move(complaint)});
}

void Simulation::limit_sockets(ProcessId process, std::size_t most) {
  World& of = world();
  always(
      "sockets of " + of.process_name(process),
      [&of, process, most] { return of.open_sockets(process) <= most; },
      [&of, process, most] {
        return fmt::format("it holds {} sockets, more than {}", of.open_sockets(process), most);
      });
}

void Simulation::violated(std::string_view invariant, std::string detail) {
  impl_.fail(invariant, std::move(detail), false);
}

void Simulation::core_of(std::size_t hosts_min) {
  PICCOLO_ASSERT(hosts_min > 0, "a core was declared that has no hosts");
  impl_.core_min = hosts_min;
}

bool Simulation::in_core(HostId host) const noexcept {
  return !impl_.core || impl_.core->contains(host);
}

bool Simulation::healed() const noexcept { return impl_.healed; }

void Simulation::at_heal(std::function<void()> action) {
  impl_.heal_actions.push_back(std::move(action));
}

void Simulation::set_stop_patience(Duration patience) noexcept { impl_.stop_patience = patience; }

void Simulation::counter(std::string name, std::function<std::uint64_t()> value) {
  PICCOLO_ASSERT(value != nullptr, "a counter was given nothing to count");
  impl_.counters.push_back({std::move(name), std::move(value)});
}

bool Simulation::is_told() const noexcept { return impl_.is_told(); }

void Simulation::note(std::string_view text) const { impl_.note(text); }

}  // namespace piccolo::sim
