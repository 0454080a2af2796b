// What each line of a list does in a world: to whom, in which direction, and that it ends.

#include <fmt/format.h>

#include <array>
#include <map>

#include "cluster.hpp"
#include "piccolo/core/network.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "piccolo/sim/fault_plan.hpp"
#include "property.hpp"

namespace piccolo::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint16_t port = 9;
constexpr std::uint32_t hosts = 4;

Endpoint any(std::uint16_t at) { return Endpoint(Address::any(Address::Family::v4), at); }

// When which datagram arrived: a link that does anything to packets shows in it.
struct Postbox {
  std::map<std::pair<HostId, HostId>, std::string> arrivals;
};

Task<void> collects(Env& env, Postbox* box, HostId self, std::uint8_t second) {
  DatagramSocket socket = std::move(env.network.bind_datagram(any(port)).value());
  std::array<std::byte, 2> buffer{};
  const std::span<std::byte> space(buffer);
  for (;;) {
    const auto got = co_await socket.receive_from(space);
    if (!got) co_return;
    if (static_cast<std::uint8_t>(buffer[1]) != second) continue;
    const auto from = static_cast<HostId>(buffer[0]);
    box->arrivals[{from, self}] += format_duration(env.clock.now().time_since_epoch()) + " ";
  }
}

// To everybody else, once a second.
Task<void> sends(Env& env, HostId self, std::vector<Endpoint> to) {
  DatagramSocket socket = std::move(env.network.bind_datagram(any(0)).value());
  for (std::uint8_t second = 1; second <= 6; ++second) {
    co_await env.clock.sleep_until(TimePoint(seconds(second)));
    const std::array<std::byte, 2> bytes{static_cast<std::byte>(self),
                                         static_cast<std::byte>(second)};
    const std::span<const std::byte> data(bytes);
    for (const Endpoint& target : to) co_await socket.send_to(data, target);
  }
}

void populate(World& world, Postbox& box, std::uint8_t second) {
  for (HostId host = 0; host < hosts; ++host) world.add_host(fmt::format("n{}", host + 1));
  for (HostId host = 0; host < hosts; ++host) {
    std::vector<Endpoint> others;
    for (HostId other = 0; other < hosts; ++other) {
      if (other != host) others.emplace_back(world.host_address(other), port);
    }
    world.start(world.add_process(
        host, "in", [&box, host, second](Env& env) { return collects(env, &box, host, second); }));
    world.start(world.add_process(host, "out",
                                  [host, others](Env& env) { return sends(env, host, others); }));
  }
}

Postbox posted(const std::string& line, std::uint8_t second) {
  World world(1, WorldOptions());
  Postbox box;
  populate(world, box, second);
  const FaultScene scene = FaultScene::of(world, seconds(30));
  FaultPlan plan;
  if (!line.empty()) plan.push_back(parse_fault(line, scene).value());
  schedule(world, plan, scene, nullptr);
  world.run_until(TimePoint(seconds(60)));
  REQUIRE_FALSE(world.failure().has_value());
  return box;
}

// The directions in which what was sent then went otherwise than without the fault: "12 21".
std::string directions(const std::string& line, std::uint8_t second) {
  Postbox with = posted(line, second);
  Postbox without = posted("", second);
  std::string text;
  for (const auto& [direction, when] : without.arrivals) {
    if (with.arrivals[direction] == when) continue;
    text +=
        fmt::format("{}{}{}", text.empty() ? "" : " ", direction.first + 1, direction.second + 1);
  }
  return text;
}

struct Line {
  const char* line;
  const char* directions;
};

// From 1.5 s to 3.5 s.
constexpr std::array lines{
    Line{"1.5s cut n1 -> n2 for 2s", "12"},
    Line{"1.5s cut n2 -> n1 for 2s", "21"},
    Line{"1.5s partition n1 <-> n2 for 2s", "12 21"},
    Line{"1.5s isolate n3 for 2s", "13 23 31 32 34 43"},
    Line{"1.5s split n1,n2 from the others for 2s", "13 14 23 24 31 32 41 42"},
    Line{"1.5s leave only a ring for 2s", "13 24 31 42"},
    Line{"1.5s delay n1 -> n3 by 150ms for 2s", "13"},
    Line{"1.5s delay n1 <-> n3 by 150ms for 2s", "13 31"},
    Line{"1.5s lose 100% n4 -> n1 for 2s", "41"},
    Line{"1.5s lose 100% n4 <-> n1 for 2s", "14 41"},
    Line{"1.5s duplicate 100% n1 -> n2 for 2s", "12"},
    Line{"1.5s duplicate 100% n1 <-> n2 for 2s", "12 21"},
    Line{"1.5s reorder 100% n1 -> n2 by up to 10ms for 2s", "12"},
    Line{"1.5s reorder 100% n1 <-> n2 by up to 10ms for 2s", "12 21"},
    Line{"1.5s hold n3 -> n2 for 2s", "32"},
    Line{"1.5s hold n3 <-> n2 for 2s", "23 32"},
    Line{"1.5s throttle n1 -> n2 to 100B/s for 2s", "12"},
    Line{"1.5s throttle n1 <-> n2 to 100B/s for 2s", "12 21"}};

}  // namespace

TEST_CASE("a line about links strikes the directions that it names, no other, and ends") {
  for (const Line& each : lines) {
    INFO(each.line);
    CHECK(directions(each.line, 1) == "");
    CHECK(directions(each.line, 3) == each.directions);
    CHECK(directions(each.line, 4) == "");
  }
}

TEST_CASE("every line about links is tried in both its directions") {
  for (const FaultKind kind :
       {FaultKind::partition, FaultKind::delay, FaultKind::loss, FaultKind::duplicate,
        FaultKind::reorder, FaultKind::hold, FaultKind::throttle}) {
    std::array<bool, 8> tried{};
    for (const Line& each : lines) {
      World world(1, WorldOptions());
      Postbox box;
      populate(world, box, 0);
      const Fault fault = parse_fault(each.line, FaultScene::of(world, seconds(30))).value();
      if (fault.kind == kind) tried.at(fault.form) = true;
    }
    INFO(fault_kind_name(kind));
    for (std::size_t form = 0; form < fault_lines(kind).size(); ++form) CHECK(tried.at(form));
  }
}

TEST_CASE("a swizzle cuts each of its hosts off, and nobody for longer than it lasts") {
  const std::string line = "1.5s swizzle n1 for 4s #5";
  std::string all;
  for (std::uint8_t second = 1; second <= 6; ++second) all += directions(line, second) + "|";
  CHECK(all == "||12 13 14 21 31 41|12 13 14 21 31 41|||");
}

namespace {

// Looks n2 up at each whole second.
Task<void> looks_up(Env& env, std::vector<std::string>* found) {
  for (int second = 1; second <= 5; ++second) {
    co_await env.clock.sleep_until(TimePoint(seconds(second)));
    const auto answer = co_await env.network.resolve("n2", 80);
    const Duration took = env.clock.now() - TimePoint(seconds(second));
    std::string what = answer ? answer->front().to_string() : error_name(answer.error());
    found->push_back(what + " after " + format_duration(took));
  }
}

std::vector<std::string> lookups(const std::string& line) {
  World world(1, WorldOptions());
  std::vector<std::string> found;
  for (const char* const name : {"n1", "n2", "n3"}) world.add_host(name);
  world.start(world.add_process(0, "asks", [&](Env& env) { return looks_up(env, &found); }));
  const FaultScene scene = FaultScene::of(world, seconds(30));
  schedule(world, {parse_fault(line, scene).value()}, scene, nullptr);
  world.run_until(TimePoint(seconds(30)));
  return found;
}

}  // namespace

TEST_CASE("a name is not found, not answered, slow, or changes its address, and comes back") {
  using Answers = std::vector<std::string>;
  const std::string right = "10.0.0.2:80 after 500us";
  const auto between = [&](const std::string& wrong) {
    return Answers{right, wrong, wrong, right, right};
  };
  CHECK(lookups("1.5s name n2 is unknown for 2s") == between("host_not_found after 500us"));
  CHECK(lookups("1.5s name n2 is not answered for 2s") == between("resolve_again after 500us"));
  CHECK(lookups("1.5s name n2 is answered 250ms late for 2s") ==
        between("10.0.0.2:80 after 250.5ms"));
  CHECK(lookups("1.5s name n2 leads to n3 for 2s") == between("10.0.0.3:80 after 500us"));
  CHECK(lookups("1.5s name n3 is unknown for 2s") == Answers(5, right));
}

// Of each kind a line that cannot miss: whoever drew or listed it, it is put in place and bites.
TEST_CASE("every line of every kind, listed alone, bites a cluster that holds") {
  const std::array biting{"2s n1 refuses connections for 8s",
                          "2s hang up (RST) on a stream n1 <-> n2 #1",
                          "2s hang up (FIN) on a stream n1 <-> n2 #1",
                          "2s kill n1, restart in 5s",
                          "2s power off n1, back in 5s",
                          "2s swizzle n1,n2 for 8s #1",
                          "2s pause n1 for 8s",
                          "2s drift the clock of n1 by 20000ppm for 8s",
                          "2s restart n1 with its port taken for 8s",
                          "0s n1 has no descriptors for 9s",
                          "2s short reads and writes on n1 for 8s",
                          "0s cut n1 -> n2 for 9s",
                          "0s hold n1 <-> n2 for 9s"};
  for (const char* const line : biting) {
    INFO(line);
    Cluster cluster(3);
    cluster.scenario.heal = sim::Heal::all;
    cluster.scenario.listed = {ListedFault{"here", line}};
    const FaultKind kind = fault_kind_of(line).value();
    FaultCount count;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      const sim::RunResult run = cluster.run(seed);
      CHECK_FALSE(run.violation.has_value());
      count.injected += run.totals.faults[kind].injected;
      count.observed += run.totals.faults[kind].observed;
    }
    CHECK(count.injected >= 7);
    CHECK(count.observed > 0);
  }
}

namespace {

Task<void> holds_streams(Env& env) {
  Listener listener = std::move(env.network.listen(any(80)).value());
  std::vector<Stream> streams;
  for (;;) {
    auto stream = co_await listener.accept();
    if (!stream) co_return;
    streams.push_back(std::move(*stream));
  }
}

Task<void> reads_once(Env& env, Endpoint server, std::string* outcome) {
  auto connected = co_await env.network.connect(server);
  Stream stream = std::move(connected.value());
  std::array<std::byte, 1> buffer{};
  const std::span<std::byte> space(buffer);
  const auto got = co_await stream.read_some(space);
  *outcome = got ? std::to_string(*got) : error_name(got.error());
  *outcome += " at " + format_duration(env.clock.now().time_since_epoch());
}

std::string hung_up(const std::string& line) {
  World world(1, WorldOptions());
  std::string outcome;
  for (const char* const name : {"n1", "n2"}) world.add_host(name);
  const Endpoint server(world.host_address(1), 80);
  world.start(world.add_process(1, "server", [](Env& env) { return holds_streams(env); }));
  world.start(world.add_process(
      0, "client", [&, server](Env& env) { return reads_once(env, server, &outcome); }));
  const FaultScene scene = FaultScene::of(world, seconds(30));
  schedule(world, {parse_fault(line, scene).value()}, scene, nullptr);
  world.run_until(TimePoint(seconds(30)));
  return outcome;
}

}  // namespace

TEST_CASE("a line that hangs up does it by the reset or the end that it names") {
  CHECK(hung_up("2s hang up (RST) on a stream n1 <-> n2 #3") == "connection_reset at 2s");
  CHECK(hung_up("2s hang up (FIN) on a stream n1 <-> n2 #3") == "0 at 2s");
  CHECK(hung_up("2s hang up (FIN) on a stream n2 <-> n1 #3") == "0 at 2s");
}

namespace {

Task<void> listens_each_second(Env& env, std::vector<std::string>* outcomes) {
  for (int second = 1; second <= 5; ++second) {
    co_await env.clock.sleep_until(TimePoint(seconds(second)));
    const auto listener = env.network.listen(any(80));
    outcomes->push_back(listener ? "ok" : error_name(listener.error()));
  }
}

}  // namespace

TEST_CASE("a port that is taken by a line is taken on that host, for that time") {
  World world(1, WorldOptions());
  std::array<std::vector<std::string>, 2> outcomes;
  for (HostId host = 0; host < 2; ++host) {
    world.add_host(fmt::format("n{}", host + 1));
    world.start(world.add_process(
        host, "p", [&, host](Env& env) { return listens_each_second(env, &outcomes[host]); }));
  }
  const FaultScene scene = FaultScene::of(world, seconds(30));
  const Fault fault = parse_fault("1.5s take port 80 of n1 for 2s", scene).value();
  schedule(world, {fault}, scene, nullptr);
  world.run_until(TimePoint(seconds(30)));
  using Outcomes = std::vector<std::string>;
  CHECK(outcomes[0] == Outcomes{"ok", "address_in_use", "address_in_use", "ok", "ok"});
  CHECK(outcomes[1] == Outcomes(5, "ok"));
}

}  // namespace piccolo::test
