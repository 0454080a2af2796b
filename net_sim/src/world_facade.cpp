// The public face of a world.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"
#include "world_impl.hpp"

namespace piccolo {
World::World(std::uint64_t seed, const WorldOptions& options)
    : impl_(std::make_unique<Impl>(seed, options)) {}

World::~World() = default;

HostId World::add_host(std::string name) {
  const auto id = static_cast<HostId>(impl_->hosts.size());
  PICCOLO_ASSERT(id < 65000, "a world has room for 65,000 hosts");
  PICCOLO_ASSERT(!impl_->host_by_name.contains(name), "two hosts were given one name");
  Host& host = impl_->hosts.emplace_back();
  host.id = id;
  host.name = std::move(name);
  host.tcp = impl_->options.tcp;
  host.ephemeral_ports = impl_->options.ephemeral_ports;
  host.v4 = Host::v4_of(id);
  host.v6 = Host::v6_of(id);
  impl_->host_by_name[host.name] = id;
  return id;
}

const std::string& World::host_name(HostId host) const { return impl_->host(host).name; }

Address World::host_address(HostId host, Address::Family family) const {
  const Host& of = impl_->host(host);
  return family == Address::Family::v4 ? of.v4 : of.v6;
}

std::size_t World::host_count() const noexcept { return impl_->hosts.size(); }

ProcessId World::add_process(HostId host, std::string name, Program program) {
  PICCOLO_ASSERT(host < impl_->hosts.size(), "a process was put on a host that does not exist");
  PICCOLO_ASSERT(program != nullptr, "a process was given no program");
  Process& process = impl_->processes.emplace_back();
  process.id = static_cast<ProcessId>(impl_->processes.size() - 1);
  process.host = host;
  process.name = std::move(name);
  process.program = std::move(program);
  return process.id;
}

const std::string& World::process_name(ProcessId process) const {
  return impl_->process(process).name;
}

HostId World::process_host(ProcessId process) const { return impl_->process(process).host; }

std::size_t World::process_count() const noexcept { return impl_->processes.size(); }

void World::add_observer(Observer& observer) { impl_->observers.push_back(&observer); }

void World::start(ProcessId process) { impl_->start(impl_->process(process)); }

void World::stop(ProcessId process) {
  Process& of = impl_->process(process);
  if (of.alive) of.alive->ask_to_stop();
}

void World::restart(ProcessId process) {
  Process& of = impl_->process(process);
  if (of.alive) impl_->end(of, true);
  impl_->start(of);
}

bool World::running(ProcessId process) const { return impl_->process(process).alive != nullptr; }

void World::end_programs() noexcept { impl_->end_programs(); }

std::size_t World::open_sockets(ProcessId process) const {
  const auto& alive = impl_->process(process).alive;
  return alive ? alive->open_sockets() : 0;
}

std::size_t World::live_fibers(ProcessId process) const {
  const auto& alive = impl_->process(process).alive;
  return alive ? alive->executor.live_fibers() : 0;
}

std::size_t World::ports_in_use(HostId host) const {
  const Host& of = impl_->host(host);
  return of.listeners.size() + of.outgoing.size() + of.datagram_sockets.size();
}

void World::set_link(HostId from, HostId to, const LinkOptions& options) {
  Impl::check(options);
  impl_->link(from, to).model.set_options(options);
}

void World::set_tcp(HostId host, const TcpOptions& options) {
  Impl::check(options);
  impl_->host(host).tcp = options;
}

void World::set_ephemeral_ports(HostId host, PortRange ports) {
  Impl::check(ports);
  impl_->host(host).ephemeral_ports = ports;
}

TimePoint World::now() const noexcept { return impl_->now; }

void World::at(TimePoint when, std::function<void()> action) {
  PICCOLO_ASSERT(action != nullptr, "the script was given no action");
  auto scripted = std::make_unique<ScriptedAction>();
  scripted->world = impl_.get();
  scripted->action = std::move(action);
  // Before everything else of that moment, in the order of the calls.
  impl_->schedule(*scripted, std::max(when, impl_->now), ++impl_->scripted);
  impl_->script.push_back(std::move(scripted));
}

bool World::run_until(TimePoint until) { return impl_->run_until(until, false); }

bool World::run_until_idle() { return impl_->run_until(TimePoint(), true); }

void World::interrupt() noexcept { impl_->interrupted = true; }

void World::report_failure(std::string_view rule, std::string detail) {
  impl_->fail(rule, std::move(detail));
}

const std::optional<WorldFailure>& World::failure() const noexcept { return impl_->failure; }

WallTime World::wall_start() const noexcept { return impl_->options.wall_start; }

const Trace& World::trace() const noexcept { return impl_->trace; }

void World::watch_trace(TraceSink* sink) noexcept { impl_->trace.set_sink(sink); }

void World::tap_packets(PacketTap* tap) noexcept { impl_->tap = tap; }

const FaultCounts& World::fault_counts() const noexcept { return impl_->faults; }

std::uint64_t World::events() const noexcept { return impl_->events; }

const std::map<std::string, ProbeCount, std::less<>>& World::probe_counts() const noexcept {
  return impl_->probe_counts;
}

std::size_t World::live_connections() const noexcept { return impl_->connections.size(); }

std::string World::task_tree() const { return impl_->tasks(); }

std::uint64_t World::seed() const noexcept { return impl_->seed; }

}  // namespace piccolo
