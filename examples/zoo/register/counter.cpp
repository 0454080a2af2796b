#include "register/counter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rpc.hpp"

namespace piccolo::zoo {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t port = 7000;
constexpr Duration patience = milliseconds(600);
constexpr Duration retry_pause = milliseconds(100);
constexpr Duration thinks_least = milliseconds(20);
constexpr Duration thinks_most = milliseconds(200);
constexpr Duration answered_within = seconds(10);

enum CounterMessage : std::uint64_t {
  add,  // client, number; answered by `counted`
  counted,
};

// Survives the process and the power: what is assigned is written.
struct CounterDisk {
  std::uint64_t total = 0;
  std::vector<std::uint64_t> last;  // number counted, by client
};

struct Tally {
  CounterDisk disk;
  Endpoint server;
  CounterMistake mistake = CounterMistake::none;
  std::uint64_t begun = 0;     // additions
  std::uint64_t answered = 0;  // likewise
  std::vector<bool> served;    // each of the clients, since the faults are over

  std::string story() const {
    return fmt::format("{} additions were begun, {} of them answered, and {} counted", begun,
                       answered, disk.total);
  }
};

Task<std::optional<Message>> count(CounterDisk* disk, Message request) {
  std::uint64_t& last = disk->last[request.words[0]];
  if (request.words[1] > last) {
    last = request.words[1];
    ++disk->total;
  }
  co_return Message(counted);
}

Task<void> counter_server(Env& env, Tally* tally) {
  CounterDisk* const disk = &tally->disk;
  Service service = [disk](Message request) { return count(disk, request); };
  const Endpoint here = tally->server;
  co_await serve(env, here, std::move(service));
}

// Until it is answered, or canceled.
Task<Result<void>> add_one(Env& env, Tally* tally, std::size_t client, std::uint64_t* number) {
  ++*number;
  for (;;) {
    const auto reply = co_await call(env, tally->server, patience, Message(add, client, *number));
    if (reply) co_return Result<void>();
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) co_return slept;
    env.probes.sometimes("an addition is attempted again");
    if (tally->mistake == CounterMistake::numbers_attempts) ++*number;
  }
}

Task<void> counter_client(Env& env, Tally* tally, std::size_t client) {
  Draws draws = env.random.stream("workload");
  std::uint64_t number = 0;
  for (;;) {
    ++tally->begun;
    const auto added = co_await add_one(env, tally, client, &number);
    if (!added) co_return;
    ++tally->answered;
    tally->served[client] = true;
    const auto slept = co_await env.clock.sleep_for(draws.between(thinks_least, thinks_most));
    if (!slept) co_return;
  }
}

void declare(sim::Simulation& sim, Tally* tally) {
  const auto story = [tally] { return tally->story(); };
  sim.always("counted at most once", [tally] { return tally->disk.total <= tally->begun; }, story);
  sim.always(
      "counted at least once", [tally] { return tally->disk.total >= tally->answered; }, story);
  sim.at_heal([tally] { tally->served.assign(tally->served.size(), false); });
  sim.eventually(
      "every client is answered", answered_within,
      [tally] { return std::ranges::count(tally->served, false) == 0; }, story);
  sim.sometimes("an addition is attempted again");
  sim.counter("additions answered", [tally] { return tally->answered; });
}

}  // namespace

void build_counter(sim::Simulation& sim, CounterMistake mistake) {
  const auto clients = static_cast<std::size_t>(sim.parameters().count("clients"));
  auto* const tally = &sim.keep<Tally>();
  const HostId host = sim.add_host("counter");
  tally->server = Endpoint(sim.world().host_address(host), port);
  tally->mistake = mistake;
  tally->disk.last.assign(clients, 0);
  tally->served.assign(clients, false);
  sim.add_node(host, "counter", [tally](Env& env) { return counter_server(env, tally); });
  for (std::size_t client = 0; client < clients; ++client) {
    sim.add_client(fmt::format("c{}", client + 1),
                   [tally, client](Env& env) { return counter_client(env, tally, client); });
  }
  declare(sim, tally);
}

}  // namespace piccolo::zoo
