// A server waits for what its clients say next. A client whose machine lost power says nothing, not
// even that it is gone: a server without an idle time-out keeps its stream for ever.

#include <fmt/format.h>

#include <map>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, half_open };

constexpr Duration beat_pause = std::chrono::seconds(1);

// Streams that servers hold, by the machine at the other end.
using Sessions = std::map<Address, int>;

class Session {
 public:
  Session(Sessions& all, const Address& client) : count_(all[client]) { ++count_; }
  ~Session() { --count_; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  int& count_;
};

Task<Result<Frame>> next_beat(Env& env, Stream& stream, Mistake mistake) {
  // Here it is: who is gone without a word is waited for without end.
  if (mistake == Mistake::half_open) co_return co_await read_frame(stream);
  co_return co_await with_timeout(env.clock, idle_patience, read_frame(stream));
}

Task<void> answer_beats(Env& env, Stream stream, Sessions& sessions, Mistake mistake) {
  const Session session(sessions, stream.remote_endpoint().address);
  for (;;) {
    auto beat = co_await next_beat(env, stream, mistake);
    if (!beat) co_return;
    const auto sent =
        co_await with_timeout(env.clock, answer_patience, write_frame(stream, std::move(*beat)));
    if (!sent) co_return;
  }
}

Task<void> client(Env& env, std::string server) {
  Line line{std::move(server), Stream()};
  for (std::uint64_t id = 1;; ++id) {
    Frame beat(id, {});
    const auto answer = co_await call(env, line, std::move(beat));
    if (!answer && is_canceled(answer.error())) co_return;
    const auto slept = co_await env.clock.sleep_for(beat_pause);
    if (!slept) co_return;
  }
}

std::string tell(sim::Simulation& sim, const std::vector<HostId>& clients, Sessions& sessions) {
  std::string text;
  for (const HostId host : clients) {
    const int count = sessions[sim.world().host_address(host)];
    if (count == 1) continue;
    text += fmt::format("{}{} sessions of {}", text.empty() ? "" : ", ", count,
                        sim.world().host_name(host));
  }
  return text;
}

void build(sim::Simulation& sim, Mistake mistake) {
  const EchoHosts hosts = add_echo_hosts(sim);
  auto& sessions = sim.keep<Sessions>();
  for (const HostId host : hosts.servers) {
    sim.add_node(host, sim.world().host_name(host), [&sessions, mistake](Env& env) {
      return serve(env, [&sessions, mistake](Env& on, Stream stream) {
        return answer_beats(on, std::move(stream), sessions, mistake);
      });
    });
  }
  for (std::size_t number = 0; number < hosts.clients.size(); ++number) {
    const HostId server = hosts.servers[number % hosts.servers.size()];
    sim.add_node(hosts.clients[number], sim.world().host_name(hosts.clients[number]),
                 [name = sim.world().host_name(server)](Env& env) { return client(env, name); });
  }
  const auto state = [&sim, &sessions, clients = hosts.clients] {
    return tell(sim, clients, sessions);
  };
  sim.eventually(
      "one session per client", std::chrono::seconds(30), [state] { return state().empty(); },
      state);
}

}  // namespace

Specimen half_open() {
  sim::WorldDescription world;
  world.name = "echo.half-open";
  world.about = "a server without an idle time-out keeps streams of clients that lost power";
  world.parameters = echo_parameters(1, 3);
  world.duration = std::chrono::seconds(20);
  world.faults = all_but("-clock-step");  // nobody asks for the wall clock
  return twins(std::move(world), "one session per client", Mistake::half_open, build);
}

}  // namespace piccolo::zoo
