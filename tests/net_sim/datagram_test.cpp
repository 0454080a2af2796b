// Datagrams over links that lose, duplicate, reorder, are narrow or cut.

#include <algorithm>

#include "datagram_lab.hpp"

namespace piccolo::test {
namespace {

// The numbers that `counts` sent, in the order of arrival.
std::vector<int> numbers(const Lines& lines) {
  std::vector<int> all;
  for (const std::string& line : lines) all.push_back(std::stoi(line.substr(line.find('[') + 1)));
  return all;
}

Lines counted_over(const LinkOptions& options, int count, Duration apart, std::uint64_t seed = 1) {
  Lab lab(WorldOptions(), seed);
  set_both(lab, options);
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab, count, apart); });
  lab.run_for(minutes(1));
  return lab.diary.lines();
}

TEST_CASE("a datagram takes the link's latency, also when its sender closes at once") {
  const Lines lines = counted_over(LinkOptions(), 1, Duration(0));
  CHECK(lines == Lines{"100us [0]"});
}

TEST_CASE("a lost datagram is not sent again") {
  LinkOptions options;
  options.loss_ppm = ppm_always;
  CHECK(counted_over(options, 10, milliseconds(1)).empty());
  options.loss_ppm = 250'000;
  const auto got = numbers(counted_over(options, 200, milliseconds(1)));
  CHECK(got.size() > 130);
  CHECK(got.size() < 170);
  CHECK(std::is_sorted(got.begin(), got.end()));
  CHECK(got == numbers(counted_over(options, 200, milliseconds(1))));
  CHECK(got != numbers(counted_over(options, 200, milliseconds(1), 2)));
}

TEST_CASE("a duplicated datagram arrives twice, fragments that come twice make one") {
  LinkOptions options;
  options.duplicate_ppm = ppm_always;
  CHECK(counted_over(options, 1, Duration(0)) == Lines{"100us [0]", "100us [0]"});
  // As on Linux: what comes again before the datagram is whole is dropped.
  LinkOptions slow = slow_link();
  slow.duplicate_ppm = ppm_always;
  CHECK(one_datagram(slow, 4000) == Lines{"4.168ms [4000 bytes]"});
}

TEST_CASE("datagrams of one socket overtake each other only where the link reorders") {
  LinkOptions options;
  options.latency = LatencyModel{LatencyModel::Shape::uniform, milliseconds(1), milliseconds(9)};
  const auto in_order = numbers(counted_over(options, 200, microseconds(10)));
  CHECK(in_order.size() == 200);
  CHECK(std::is_sorted(in_order.begin(), in_order.end()));
  options.reorder_ppm = 100'000;
  options.reorder_by = milliseconds(50);
  const auto reordered = numbers(counted_over(options, 200, microseconds(10)));
  CHECK(reordered.size() == 200);
  CHECK_FALSE(std::is_sorted(reordered.begin(), reordered.end()));
}

TEST_CASE("a datagram above the MTU is cut, and each fragment pays for its header") {
  // 20 bytes of IP, 8 of UDP; fragments carry 1480.
  CHECK(one_datagram(slow_link(), 0) == Lines{"128us []"});
  CHECK(one_datagram(slow_link(), 1472) == Lines{"1.6ms [1472 bytes]"});
  CHECK(one_datagram(slow_link(), 1473) == Lines{"1.621ms [1473 bytes]"});
  CHECK(one_datagram(slow_link(), 4000) == Lines{"4.168ms [4000 bytes]"});
  CHECK(one_datagram(slow_link(), 65'507) == Lines{"66.515ms [65507 bytes]"});
  LinkOptions narrow = slow_link();
  narrow.mtu_bytes = 576;  // 556 bytes of room, of which only the last fragment uses more than 552
  CHECK(one_datagram(narrow, 1100) == Lines{"1.248ms [1100 bytes]"});
}

TEST_CASE("over IPv6 fragments have a header of their own") {
  const auto v6 = Address::Family::v6;
  CHECK(one_datagram(slow_link(), 1452, v6) == Lines{"1.6ms [1452 bytes]"});
  CHECK(one_datagram(slow_link(), 1453, v6) == Lines{"1.657ms [1453 bytes]"});
  CHECK(one_datagram(slow_link(), 2892, v6) == Lines{"3.096ms [2892 bytes]"});
}

TEST_CASE("a datagram is lost with any of its fragments") {
  LinkOptions tight = slow_link();
  tight.queue_bytes = 3000;
  CHECK(one_datagram(tight, 2952) == Lines{"3.1ms [2952 bytes]"});
  CHECK(one_datagram(tight, 2960).empty());  // the third fragment finds the queue full
  LinkOptions lossy;
  lossy.loss_ppm = 100'000;
  const auto arrived = [&](std::size_t bytes) {
    Lab lab;
    set_both(lab, lossy);
    lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
    lab.run(lab.client, [&](Env& env) { return floods(env, &lab, 500, bytes); });
    lab.run_for(seconds(1));
    return lab.diary.lines().size();
  };
  CHECK(arrived(1000) > 430);    // 0.9 of 500
  CHECK(arrived(14'000) < 215);  // 0.9 to the power of 10
  CHECK(arrived(14'000) > 130);
}

TEST_CASE("reassembly gives up after 30 seconds") {
  CHECK(one_datagram(slow_link(100), 2952) == Lines{"30.0001s [2952 bytes]"});
  LinkOptions slower = slow_link(50);
  CHECK(one_datagram(slower, 1480) == Lines{"30.5601s [1480 bytes]"});
  CHECK(one_datagram(slower, 2952).empty());
}

TEST_CASE("a cut loses datagrams, those on their way included, and counts") {
  Lab lab;
  lab.run(lab.server, [&](Env& env) { return collects(env, &lab); });
  lab.run(lab.client, [&](Env& env) { return counts(env, &lab, 4, milliseconds(1)); });
  lab.world.at(at(microseconds(50)), [&] { lab.world.cut(lab.client, lab.server); });
  lab.world.at(at(microseconds(1500)), [&] { lab.world.mend(lab.client, lab.server); });
  lab.run_for(seconds(1));
  CHECK(lab.diary.lines() == Lines{"2.1ms [2]", "3.1ms [3]"});
  CHECK(lab.world.fault_counts()[FaultKind::partition].observed == 2);
}

TEST_CASE("the answer that a port is deserted travels back over the link") {
  Lab lab;
  set_both(lab, slow_link());
  lab.run(lab.client, [&](Env& env) {
    return knocks(env, &lab, {milliseconds(0), milliseconds(10), milliseconds(20)});
  });
  lab.world.at(at(milliseconds(9)), [&] { lab.world.cut(lab.server, lab.client); });
  lab.world.at(at(milliseconds(19)), [&] { lab.world.mend(lab.server, lab.client); });
  lab.finish();
  // 33 bytes there, 61 back: 28 of IP and ICMP before what they quote.
  CHECK(lab.diary.lines() == Lines{"294us connection_refused", "20.294ms connection_refused",
                                   "60.02s operation_canceled"});
  CHECK(lab.world.fault_counts()[FaultKind::partition].observed == 1);
}

TEST_CASE("an address that nobody has answers nothing") {
  Lab lab;
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    DatagramSocket socket = bind_or_throw(env, Endpoint(Address::any(Address::Family::v4), 0));
    CHECK(socket.connect(Endpoint(Address::v4(10, 9, 9, 9), 80)));
    const std::string sent = co_await conformance::send(&socket, "?");
    in->diary.note(env, sent);
    const std::string got = co_await conformance::receive_all(env, &socket);
    CHECK(got.empty());
  });
  lab.finish();
  CHECK(lab.diary.lines() == Lines{"0s ok"});
}

}  // namespace
}  // namespace piccolo::test
