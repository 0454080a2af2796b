// A server publishes, and keeps a queue for each subscriber in case that it is slow. What a
// subscriber cannot take must be dropped at some point, or the server's memory is the slowest
// subscriber's buffer.

#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/mailbox.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, unbounded_queue };

constexpr Duration publish_pause = std::chrono::milliseconds(100);
constexpr Duration write_patience = std::chrono::seconds(8);
constexpr std::size_t message_bytes = 4096;
constexpr std::size_t queue_bytes_max = 8 * message_bytes;

// Here it is: the mailbox is bounded, but by nothing that counts.
std::size_t queue_messages_max(Mistake mistake) {
  if (mistake == Mistake::unbounded_queue) return 1'000'000;
  return queue_bytes_max / message_bytes;
}

// The longest that any queue of a server has been.
struct Gauge {
  std::size_t bytes = 0;
};

using Queues = std::list<Mailbox<Frame>*>;

// A queue that its server knows while it lives.
class Queue {
 public:
  Queue(Queues& known, std::size_t capacity) : messages(capacity), known_(known) {
    place_ = known_.insert(known_.end(), &messages);
  }
  ~Queue() { known_.erase(place_); }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  Mailbox<Frame> messages;

 private:
  Queues& known_;
  Queues::iterator place_;
};

Task<void> deliver(Env& env, Stream stream, Queues& queues, Mistake mistake) {
  Queue queue(queues, queue_messages_max(mistake));
  for (;;) {
    auto message = co_await queue.messages.receive();
    if (!message) co_return;
    const auto sent =
        co_await with_timeout(env.clock, write_patience, write_frame(stream, std::move(*message)));
    if (!sent) co_return;
  }
}

Task<void> publish(Env& env, Queues& queues, Gauge& gauge) {
  for (std::uint64_t id = 1;; ++id) {
    const auto slept = co_await env.clock.sleep_for(publish_pause);
    if (!slept) co_return;
    const Frame message(id, std::vector<std::byte>(message_bytes));
    for (Mailbox<Frame>* const queue : queues) {
      const bool taken = queue->try_send(message);
      if (!taken) env.probes.sometimes("a slow subscriber misses a message");
      gauge.bytes = std::max(gauge.bytes, queue->size() * message_bytes);
    }
  }
}

Task<void> publisher(Env& env, Gauge& gauge, Mistake mistake) {
  Queues queues;
  Scope halves(env.executor);
  halves.spawn(publish(env, queues, gauge));
  halves.spawn(serve(env, [&queues, mistake](Env& on, Stream stream) {
    return deliver(on, std::move(stream), queues, mistake);
  }));
  co_await halves.join();
}

// Until the stream breaks, or is silent for too long.
Task<Result<void>> receive_messages(Env& env, Line& line, Progress& progress, std::size_t number) {
  const auto opened = co_await open_line(env, line);
  if (!opened) co_return opened;
  for (;;) {
    const auto message = co_await with_timeout(env.clock, idle_patience, read_frame(line.stream));
    if (!message) co_return failure(message.error());
    progress.made(number);
  }
}

Task<void> subscriber(Env& env, std::string server, Progress& progress, std::size_t number) {
  Line line{std::move(server), Stream()};
  for (;;) {
    const auto ended = co_await receive_messages(env, line, progress, number);
    line.stream.close();
    if (is_canceled(ended.error())) co_return;
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) co_return;
  }
}

void build(sim::Simulation& sim, Mistake mistake) {
  const EchoHosts hosts = add_echo_hosts(sim);
  auto& progress =
      Progress::expect(sim, "subscribers hear news", hosts.clients, std::chrono::seconds(30));
  auto& gauge = sim.keep<Gauge>();
  for (const HostId host : hosts.servers) {
    sim.add_node(host, sim.world().host_name(host),
                 [&gauge, mistake](Env& env) { return publisher(env, gauge, mistake); });
  }
  for (std::size_t number = 0; number < hosts.clients.size(); ++number) {
    const HostId server = hosts.servers[number % hosts.servers.size()];
    sim.add_node(hosts.clients[number], sim.world().host_name(hosts.clients[number]),
                 [name = sim.world().host_name(server), &progress, number](Env& env) {
                   return subscriber(env, name, progress, number);
                 });
  }
  sim.always(
      "queues are bounded", [&gauge] { return gauge.bytes <= queue_bytes_max; },
      [&gauge] { return fmt::format("{} bytes wait for one subscriber", gauge.bytes); });
  sim.sometimes("a slow subscriber misses a message");
}

}  // namespace

Specimen unbounded_queue() {
  sim::WorldDescription world;
  world.name = "echo.unbounded-queue";
  world.about = "a server queues without limit what a slow subscriber does not take";
  world.parameters = echo_parameters(1, 3);
  world.duration = std::chrono::seconds(20);
  world.faults = all_but("-clock-step");  // nobody asks for the wall clock
  return twins(std::move(world), "queues are bounded", Mistake::unbounded_queue, build);
}

}  // namespace piccolo::zoo
