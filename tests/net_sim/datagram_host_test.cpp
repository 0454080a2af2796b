// Datagrams and the machines that they come to: full buffers, deaths, power losses, witnesses.

#include <algorithm>

#include "datagram_lab.hpp"

namespace piccolo::test {
namespace {

// Twice: receives nothing for a second, then all there is, and counts it.
Task<void> dozes(Env& env, Lab* lab, DatagramOptions options, std::vector<int>* counts) {
  auto socket = env.network.bind_datagram(lab->at_server(), options);
  REQUIRE(socket.has_value());
  for (int round = 0; round < 2; ++round) {
    co_await env.clock.sleep_for(seconds(1));
    const std::string all = co_await conformance::receive_all(env, &*socket);
    counts->push_back(static_cast<int>(std::count(all.begin(), all.end(), '[')));
  }
}

// How many of 300 datagrams are there a second later, and once more.
std::vector<int> kept(std::size_t bytes, const DatagramOptions& options = DatagramOptions()) {
  Lab lab;
  std::vector<int> counts;
  lab.run(lab.server, [&](Env& env) { return dozes(env, &lab, options, &counts); });
  for (const auto pause : {milliseconds(0), milliseconds(1500)}) {
    lab.run_for(pause);
    lab.run(lab.client, [&](Env& env) { return floods(env, &lab, 300, bytes); });
  }
  lab.finish();
  return counts;
}

std::vector<int> twice(int count) { return {count, count}; }

TEST_CASE("a full receive buffer drops datagrams silently, and has room again once it is read") {
  // As many as Linux 6.18 keeps of net.core.rmem_default.
  CHECK(kept(0) == twice(256));
  CHECK(kept(150) == twice(256));
  CHECK(kept(500) == twice(166));
  CHECK(kept(1000) == twice(92));
  CHECK(kept(3000) == twice(48));
  CHECK(kept(8000) == twice(12));
  CHECK(kept(30'000) == twice(6));
  CHECK(kept(65'507) == twice(3));
}

TEST_CASE("a receive buffer has the size that was asked for, twice over, and room for one") {
  DatagramOptions options;
  options.receive_buffer_bytes = 1;
  CHECK(kept(1, options) == twice(2));
  CHECK(kept(65'507, options) == twice(1));
  options.receive_buffer_bytes = 5000;
  CHECK(kept(1, options) == twice(12));
  CHECK(kept(1000, options) == twice(4));
  CHECK(kept(4000, options) == twice(1));
}

TEST_CASE("a killed process's port is deserted") {
  Lab lab;
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client,
          [&](Env& env) { return knocks(env, &lab, {milliseconds(0), milliseconds(10)}); });
  lab.world.at(at(milliseconds(5)), [&] {
    CHECK(lab.world.open_sockets(server) == 1);
    lab.world.kill(server);
    CHECK(lab.world.open_sockets(server) == 0);
  });
  lab.finish();
  CHECK(lab.diary.lines() ==
        Lines{"100us [knock]", "10.2ms connection_refused", "60.01s operation_canceled"});
  CHECK(lab.world.fault_counts()[FaultKind::crash].observed == 1);
}

TEST_CASE("a machine without power answers nothing, and comes back with its ports deserted") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client, [&](Env& env) {
    return knocks(env, &lab, {milliseconds(0), microseconds(4950), milliseconds(20)});
  });
  lab.world.at(at(milliseconds(5)), [&] { lab.world.power_off(lab.server); });
  lab.world.at(at(milliseconds(10)), [&] { lab.world.power_on(lab.server); });
  lab.finish();
  CHECK(lab.diary.lines() ==
        Lines{"100us [knock]", "20.2ms connection_refused", "60.02s operation_canceled"});
  CHECK(lab.world.fault_counts()[FaultKind::power_loss].observed == 1);
  CHECK(lab.world.fault_counts()[FaultKind::crash].observed == 0);
}

TEST_CASE("a power loss forgets the fragments that had arrived") {
  Lab lab;
  set_both(lab, slow_link());
  const ProcessId server = lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  // Fragments arrive at 1.6 and 1.621 ms.
  lab.run(lab.client, [&](Env& env) { return floods(env, &lab, 1, 1473, milliseconds(10)); });
  lab.world.at(at(microseconds(1610)), [&] {
    lab.world.power_off(lab.server);
    lab.world.power_on(lab.server);
    lab.world.start(server);
  });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"10.133ms [later]"});
}

TEST_CASE("a power loss at the sender does not call back what is on its way") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return floods(env, &lab, 1, 1, milliseconds(1)); });
  lab.world.at(at(microseconds(50)), [&] { lab.world.power_off(lab.client); });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines().size() == 1);
}

TEST_CASE("a world may end with datagrams on their way and in buffers") {
  Lab lab;
  std::vector<int> received;
  lab.run(lab.server, [&](Env& env) { return dozes(env, &lab, DatagramOptions(), &received); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab, 10, microseconds(20)); });
  lab.run_for(microseconds(150));
  CHECK(received.empty());
}

class Witness final : public Observer {
 public:
  void datagram_sent(ProcessId process, const Endpoint& from, const Endpoint& to,
                     std::span<const std::byte> bytes) override {
    note("sent", process, from, to, bytes);
  }
  void datagram_received(ProcessId process, const Endpoint& from, const Endpoint& to,
                         std::span<const std::byte> bytes) override {
    note("received", process, from, to, bytes);
  }
  Lines lines;

 private:
  void note(const char* what, ProcessId process, const Endpoint& from, const Endpoint& to,
            std::span<const std::byte> bytes) {
    lines.push_back(std::string(what) + " by " + std::to_string(process) + " from " +
                    from.address.to_string() + " to " + to.to_string() + ": " +
                    std::to_string(bytes.size()));
  }
};

TEST_CASE("observers see what is sent, and what a program receives") {
  Witness witness;
  Lab lab;
  lab.world.add_observer(witness);
  std::vector<int> received;
  lab.run(lab.server, [&](Env& env) { return dozes(env, &lab, DatagramOptions(), &received); });
  lab.run(lab.client, [&](Env& env) { return floods(env, &lab, 1, 70); });
  lab.run_for(milliseconds(500));
  CHECK(witness.lines == Lines{"sent by 1 from 10.0.0.1 to 10.0.0.2:80: 70"});
  lab.run_for(seconds(1));
  CHECK(witness.lines.back() == "received by 0 from 10.0.0.1 to 10.0.0.2:80: 64");
  CHECK(witness.lines.size() == 2);
}

std::uint64_t noisy_run(std::uint64_t seed) {
  Lab lab(WorldOptions(), seed);
  LinkOptions options = slow_link();
  options.latency =
      LatencyModel{LatencyModel::Shape::exponential, milliseconds(1), milliseconds(1)};
  options.loss_ppm = options.duplicate_ppm = options.reorder_ppm = 100'000;
  set_both(lab, options);
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  for (int client = 0; client < 3; ++client) {
    lab.run(lab.client, [&](Env& env) { return counts(env, &lab, 100, microseconds(50)); });
    lab.run(lab.client, [&](Env& env) { return floods(env, &lab, 5, 9000); });
  }
  lab.run_for(seconds(10));
  return lab.world.trace().hash();
}

TEST_CASE("datagrams go the same ways for the same seed, and other ways for another") {
  CHECK(noisy_run(1) == noisy_run(1));
  CHECK(noisy_run(1) != noisy_run(2));
}

}  // namespace
}  // namespace piccolo::test
