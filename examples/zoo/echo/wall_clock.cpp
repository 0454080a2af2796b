// Clients ask, and a server answers when there is news, after a second or so. A client that reckons
// by the wall clock how long it has waited gives up at once when that is set forward, and not for
// hours when it is set back.

#include <fmt/format.h>

#include "echo/parts.hpp"
#include "echo/specimens.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/race.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "twins.hpp"

namespace piccolo::zoo {
namespace {

enum class Mistake : std::uint8_t { none, wall_clock };

constexpr Duration news_pause = std::chrono::seconds(1);
constexpr Duration news_patience = std::chrono::seconds(4);
constexpr Duration tick = std::chrono::milliseconds(100);

// Waits that ended by time-out too soon.
struct Haste {
  std::uint64_t count = 0;
  Duration waited{0};
};

Duration reading(const Clock& clock, Mistake mistake) {
  // Here it is: the wall clock tells the time of day, not how long something took.
  if (mistake == Mistake::wall_clock) return clock.wall_now().time_since_epoch();
  return clock.now().time_since_epoch();
}

Task<Result<Frame>> give_up_after(Env& env, Duration patience, Mistake mistake) {
  const Duration due = reading(env.clock, mistake) + patience;
  while (reading(env.clock, mistake) < due) {
    const auto slept = co_await env.clock.sleep_for(tick);
    if (!slept) co_return failure(slept.error());
  }
  co_return failure(std::errc::timed_out);
}

Task<Result<Frame>> ask_for_news(Env& env, Line& line, Frame question, Haste& haste,
                                 Mistake mistake) {
  const auto opened = co_await open_line(env, line);
  if (!opened) co_return failure(opened.error());
  const TimePoint begun = env.clock.now();
  auto outcome = co_await race(env.executor, ask(line.stream, std::move(question)),
                               give_up_after(env, news_patience, mistake));
  if (outcome.index() == 0) co_return std::get<0>(std::move(outcome));
  auto given_up = std::get<1>(std::move(outcome));
  const Duration waited = env.clock.now() - begun;
  if (!is_canceled(given_up.error()) && waited < news_patience) {
    ++haste.count;
    haste.waited = waited;
  }
  co_return std::move(given_up);
}

Task<void> client(Env& env, std::string server, Progress& progress, std::size_t number,
                  Haste& haste, Mistake mistake) {
  Line line{std::move(server), Stream()};
  for (std::uint64_t id = 1;; ++id) {
    // What the time of day is good for.
    env.log.debug("asks for news at {}", in_words(env.clock.wall_now().time_since_epoch()));
    Frame question(id, {});
    const auto news = co_await ask_for_news(env, line, std::move(question), haste, mistake);
    if (news) {
      progress.made(number);
      continue;
    }
    if (is_canceled(news.error())) co_return;
    line.stream.close();
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) co_return;
  }
}

Task<void> tell_news(Env& env, Stream stream) {
  for (;;) {
    auto question = co_await with_timeout(env.clock, idle_patience, read_frame(stream));
    if (!question) co_return;
    const auto slept = co_await env.clock.sleep_for(news_pause);
    if (!slept) co_return;
    const auto sent = co_await with_timeout(env.clock, answer_patience,
                                            write_frame(stream, std::move(*question)));
    if (!sent) co_return;
  }
}

void build(sim::Simulation& sim, Mistake mistake) {
  const EchoHosts hosts = add_echo_hosts(sim);
  auto& progress =
      Progress::expect(sim, "clients hear news", hosts.clients, std::chrono::seconds(30));
  auto& haste = sim.keep<Haste>();
  for (const HostId host : hosts.servers) {
    sim.add_node(host, sim.world().host_name(host), [](Env& env) { return serve(env, tell_news); });
  }
  for (std::size_t number = 0; number < hosts.clients.size(); ++number) {
    const HostId server = hosts.servers[number % hosts.servers.size()];
    sim.add_node(hosts.clients[number], sim.world().host_name(hosts.clients[number]),
                 [name = sim.world().host_name(server), &progress, number, &haste, mistake](
                     Env& env) { return client(env, name, progress, number, haste, mistake); });
  }
  sim.always(
      "no time-out comes early", [&haste] { return haste.count == 0; },
      [&haste] {
        return fmt::format("a client gave up after {} instead of {}", format_duration(haste.waited),
                           format_duration(news_patience));
      });
}

}  // namespace

Specimen wall_clock() {
  sim::WorldDescription world;
  world.name = "echo.wall-clock";
  world.about = "a time-out reckons by the wall clock, which steps";
  world.parameters = echo_parameters(1, 3);
  world.duration = std::chrono::seconds(20);
  return twins(std::move(world), "no time-out comes early", Mistake::wall_clock, build);
}

}  // namespace piccolo::zoo
