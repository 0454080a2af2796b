#include "piccolo/net_sim/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "incarnation.hpp"
#include "piccolo/core/assert.hpp"
#include "world_impl.hpp"

namespace piccolo {

void ScriptedAction::fire() noexcept {
  world->stirred = true;
  try {
    action();
  } catch (const std::exception& error) {
    world->fail("exception", fmt::format("a scripted action threw: {}", error.what()));
  } catch (...) {
    world->fail("exception", "a scripted action threw something that is no std::exception");
  }
}

World::Impl::Impl(std::uint64_t with, const WorldOptions& how)
    : seed(with), options(how), random(with), sites(with) {
  check(options.link);
  check(options.loopback);
  check(options.tcp);
  check(options.ephemeral_ports);
}

void World::Impl::check(const TcpOptions& tcp) {
  PICCOLO_ASSERT(tcp.send_buffer > 0 && tcp.receive_buffer > 0 && tcp.segment_bytes_max > 0,
                 "a host was given buffers or segments of no bytes");
  PICCOLO_ASSERT(tcp.retransmit_initial.count() > 0 && tcp.retransmit_min.count() > 0,
                 "a host was given a retransmission time-out of no time");
  PICCOLO_ASSERT(tcp.retransmit_max >= tcp.retransmit_min,
                 "a host was given a longest retransmission time-out below the shortest");
  PICCOLO_ASSERT(tcp.timer_tick.count() > 0, "a host was given a timer tick of no time");
  PICCOLO_ASSERT(tcp.ack_delay.count() >= 0,
                 "a host was given a negative delay of acknowledgements");
  PICCOLO_ASSERT(tcp.wake_delay_max.count() >= 0, "a host was given a negative wake-up delay");
}

void World::Impl::check(PortRange ports) {
  PICCOLO_ASSERT(ports.first > 0 && ports.first <= ports.last,
                 "a host was given an empty range of ephemeral ports");
}

void World::Impl::check(const LinkOptions& options) {
  const std::string_view complaint = complaint_about(options);
  if (!complaint.empty()) assertion_failed(__FILE__, __LINE__, complaint.data());
}

Host& World::Impl::host(HostId id) {
  PICCOLO_ASSERT(id < hosts.size(), "a call named a host that this world does not have");
  return hosts[id];
}

Process& World::Impl::process(ProcessId id) {
  PICCOLO_ASSERT(id < processes.size(), "a call named a process that this world does not have");
  return processes[id];
}

// Frames go first: their destructors unregister from everything else. Nothing is sent any more.
void World::Impl::end_programs() noexcept {
  observers.clear();
  for (Host& host : hosts) {
    while (!host.ends.empty()) host.ends.back().lose_power();
  }
  for (Process& process : processes) {
    if (!process.alive) continue;
    for (SimListener* const listener : process.alive->listeners) listener->close(true);
    for (SimDatagram* const socket : process.alive->datagram_sockets) socket->close();
    process.alive->sockets_closed = true;
    process.alive->root.reset();
  }
}

World::Impl::~Impl() {
  end_programs();
  for (Process& process : processes) process.alive.reset();
  survivors.clear();
  while (!connections.empty()) {
    Connection* const connection = &connections.back();
    connections.erase(*connection);
    delete connection;
  }
}

std::uint64_t World::Impl::tie(std::uint64_t coordinate) noexcept {
  // Above the ties of scripted actions, which come first.
  constexpr std::uint64_t ordinary = std::uint64_t{1} << 63U;
  if (options.ready_order == ReadyOrder::fifo) return ordinary | ++sequence;
  return ordinary | coordinate;
}

void World::Impl::fail(std::string_view rule, std::string detail) {
  if (!failure) failure = WorldFailure{std::string(rule), std::move(detail), now};
}

bool World::Impl::run_until(TimePoint until, bool to_the_end) {
  interrupted = false;
  drain();
  while (!failure && !interrupted) {
    Event* const next = queue.next();
    if (next == nullptr) break;
    const TimerKey key = next->due();
    if (!to_the_end && key.at > until) break;
    if (key.at > now) resumed = 0;
    now = key.at;
    if (++events == options.events_max) {
      fail("endless",
           fmt::format("the run came to {} events and did not end\n{}", events, tasks()));
      break;
    }
    record(EventKind::event, key.tie);
    queue.take(*next);
    queue.prefetch_next();
    next->fire();
    queue.prefetch_read_by_next();
    drain();
  }
  if (!failure && !interrupted && !to_the_end) now = std::max(now, until);
  return !failure;
}

std::string World::Impl::tasks() const {
  std::string text;
  for (const Process& process : processes) {
    if (process.alive) {
      text += fmt::format("{}:\n{}", process.name, process.alive->executor.task_tree());
    }
  }
  return text;
}

// How often one fiber may be resumed until we look again; one more than the limit is too much.
std::uint64_t World::Impl::turns_left() const noexcept {
  constexpr std::uint64_t most = 64;
  const std::uint64_t left = options.spin_limit - resumed;
  return left < most ? left + 1 : most;
}

void World::Impl::drain() {
  while (!runnable.empty() && !failure) {
    Incarnation& incarnation = *runnable.back();
    runnable.pop_back();
    stirred = true;
    while (!incarnation.paused && !incarnation.executor.idle()) {
      const std::uint64_t ran = incarnation.executor.run(turns_left());
      resumed += ran;
      if (resumed <= options.spin_limit) continue;
      return fail("spin", fmt::format("{} resumed tasks {} times without waiting\n{}",
                                      incarnation.process.name, options.spin_limit,
                                      incarnation.executor.task_tree()));
    }
    if (incarnation.root->empty()) end(incarnation.process, false);
  }
  if (!maybe_finished.empty()) reap();
  if (stirred) settle();
}

void World::Impl::settle() {
  stirred = false;
  observe([](Observer& observer) { observer.settled(); });
}

void World::Impl::start(Process& process) {
  Host& host = hosts[process.host];
  if (process.alive || !host.up) return;
  ++process.starts;
  record(EventKind::process_started, process.id, process.starts);
  process.alive = std::make_unique<Incarnation>(*this, process, host);
  observe([&](Observer& observer) { observer.process_started(process.id); });
  process.alive->run();
}

void World::Impl::end(Process& process, bool killed) {
  Incarnation& incarnation = *process.alive;
  PICCOLO_ASSERT(incarnation.executor.current() == nullptr, "a process was ended from within");
  record(EventKind::process_ended, process.id, killed ? 1 : 0);
  if (const std::exception_ptr exception = incarnation.root->exception()) {
    try {
      std::rethrow_exception(exception);
    } catch (const std::exception& error) {
      fail("exception", fmt::format("{} threw: {}", process.name, error.what()));
    } catch (...) {
      fail("exception", process.name + " threw something that is no std::exception");
    }
  }
  observe([&](Observer& observer) { observer.process_ended(process.id, killed); });
  close_sockets(process);
  std::unique_ptr<Incarnation> dying = std::move(process.alive);
  stirred = true;
  dying->root.reset();
  // A destructor may have woken another fiber of the process.
  std::erase(runnable, dying.get());
  if (const std::size_t open = dying->open_sockets(); open > 0) {
    fail("no_leak",
         fmt::format("{} is no more, but something outside of it holds {} of its sockets",
                     process.name, open));
    survivors.push_back(std::move(dying));
  }
}

// What the kernel does for a process that is no more.
void World::Impl::close_sockets(Process& process) {
  Incarnation& incarnation = *process.alive;
  incarnation.sockets_closed = true;
  for (SimListener* const listener : incarnation.listeners) listener->close(false);
  for (TcpEnd* const end : incarnation.ends) end->close_by_kernel();
  for (SimDatagram* const socket : incarnation.datagram_sockets) socket->close();
}

}  // namespace piccolo
