// Which acknowledgements wait for an answer, and how long: by Linux's rules.

#include "delayed_ack.hpp"

#include "lab.hpp"
#include "piccolo/net_sim/packet_tap.hpp"

namespace piccolo::test {
namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t full = 1448;

// The receiving end of a stream, as it would be asked.
class Receiver {
 public:
  explicit Receiver(std::uint64_t window = 64 * 1024)
      : limits_{milliseconds(40), window, milliseconds(200)} {}

  // True when it is acknowledged at once.
  bool gets(std::uint64_t length) {
    received_ += length;
    ack_.data_arrived(now_, length, full, limits_);
    return acknowledged(ack_.due(received_));
  }
  bool reads_all() { return acknowledged(ack_.due_after_read(received_, true)); }
  bool reads_a_part() { return acknowledged(ack_.due_after_read(received_, false)); }
  void sends() {
    ack_.sent(received_);
    ack_.data_sent(now_);
  }
  void waits(Duration time) { now_ += time; }
  void waits_in_vain() {
    ack_.waited_in_vain(limits_);
    ack_.sent(received_);
  }
  void gets_again() {
    ack_.hurry(limits_);
    ack_.sent(received_);
  }
  // Those that are acknowledged at once in a row, 50 at most.
  int hasty(std::uint64_t length) {
    int count = 0;
    while (count < 50 && gets(length)) ++count;
    return count;
  }
  Duration patience(Duration round_trip = milliseconds(1)) const {
    return ack_.patience(round_trip);
  }

 private:
  bool acknowledged(bool due) {
    if (due) ack_.sent(received_);
    return due;
  }

  DelayedAck ack_;
  DelayedAck::Limits limits_;
  std::uint64_t received_ = 0;
  TimePoint now_{std::chrono::seconds(1)};
};

TEST_CASE("the first acknowledgements of a stream are not delayed") {
  CHECK(Receiver().hasty(100) == 16);
  // Of small windows as many as half of them has segments, of 536 bytes until there are larger
  // ones.
  CHECK(Receiver(8 * 1024).hasty(100) == 7);
  CHECK(Receiver(1).hasty(100) == 2);
}

TEST_CASE("later on every other full segment is acknowledged") {
  Receiver receiver;
  CHECK(receiver.hasty(full) == 16);
  CHECK(receiver.gets(full));
  CHECK_FALSE(receiver.gets(full));
  CHECK(receiver.gets(full));
}

TEST_CASE("who answers delays, until an answer does not come") {
  Receiver receiver;
  CHECK(receiver.gets(100));
  receiver.sends();
  CHECK_FALSE(receiver.gets(100));
  CHECK_FALSE(receiver.reads_all());
  receiver.sends();
  CHECK_FALSE(receiver.gets(100));
  CHECK_FALSE(receiver.reads_all());
  receiver.waits_in_vain();
  CHECK(receiver.gets(100));
}

TEST_CASE("what is sent much later is no answer") {
  Receiver receiver;
  CHECK(receiver.gets(100));
  receiver.waits(milliseconds(40));
  receiver.sends();
  CHECK(receiver.gets(100));
}

TEST_CASE("a second small message is acknowledged when both are read") {
  Receiver receiver;
  CHECK(receiver.gets(100));
  receiver.sends();
  CHECK_FALSE(receiver.gets(100));
  CHECK_FALSE(receiver.gets(100));
  CHECK_FALSE(receiver.reads_a_part());
  CHECK(receiver.reads_all());
}

TEST_CASE("who answers nothing acknowledges small messages by reading them") {
  Receiver receiver;
  receiver.hasty(100);
  CHECK_FALSE(receiver.reads_a_part());
  CHECK(receiver.reads_all());
  CHECK_FALSE(receiver.reads_all());
}

TEST_CASE("what comes again ends all delay") {
  Receiver receiver;
  CHECK(receiver.gets(100));
  receiver.sends();
  CHECK_FALSE(receiver.gets(100));
  receiver.gets_again();
  CHECK(receiver.hasty(100) >= 15);
}

TEST_CASE("an acknowledgement waits for as long as messages are apart, within limits") {
  Receiver receiver;
  receiver.hasty(100);
  CHECK(receiver.patience() == milliseconds(40));
  // Twice in vain: 80 ms, 160 ms, by which the round trip is no reason to wait.
  receiver.waits_in_vain();
  receiver.waits_in_vain();
  CHECK(receiver.patience() == milliseconds(40));
  CHECK(receiver.patience(milliseconds(70)) == milliseconds(70));
  CHECK(receiver.patience(std::chrono::seconds(1)) == milliseconds(160));
  // Half of what it was, and the time since.
  receiver.waits(milliseconds(100));
  CHECK_FALSE(receiver.gets(100));
  CHECK(receiver.patience(std::chrono::seconds(1)) == milliseconds(180));
  // Messages that follow each other quickly bring it back to the least.
  for (int message = 0; message < 20; ++message) receiver.gets(100);
  CHECK(receiver.patience(std::chrono::seconds(1)) < milliseconds(41));
}

TEST_CASE("after a pause of more than a time-out there is haste again") {
  Receiver receiver;
  receiver.hasty(100);
  receiver.waits(milliseconds(150));
  CHECK_FALSE(receiver.gets(100));
  receiver.waits(milliseconds(201));
  CHECK(receiver.gets(100));
}

// What bare acknowledgements of the server answer, by the time at which that was sent.
class Answers final : public PacketTap {
 public:
  void packet(const PacketView& packet) noexcept override {
    const bool bare = packet.payload_bytes == 0 && !packet.tcp.flags.syn && !packet.tcp.flags.fin;
    if (packet.step == PacketStep::sent && packet.tcp.to == Role::client && bare) {
      last = packet.tcp.echo;
    }
  }
  TimePoint last;
};

TEST_CASE("a delayed acknowledgement measures the first of what it acknowledges") {
  Answers answers;
  Lab lab;
  lab.world.tap_packets(&answers);
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = conformance::listen_or_throw(env, in->at_server());
    Stream stream = co_await conformance::accept_or_throw(&listener);
    co_await conformance::read(&stream);
    co_await conformance::write(&stream, "answer");
    co_await env.clock.sleep_for(std::chrono::seconds(3));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await conformance::connect_or_throw(env, in->at_server());
    co_await conformance::write(&stream, "ask");
    co_await conformance::read(&stream);
    co_await env.clock.sleep_until(at(std::chrono::seconds(1)));
    co_await conformance::write(&stream, "first");
    co_await env.clock.sleep_for(milliseconds(20));
    co_await conformance::write(&stream, "second");
    co_await env.clock.sleep_for(std::chrono::seconds(1));
  });
  lab.run_for(std::chrono::seconds(2));
  CHECK(answers.last == at(std::chrono::seconds(1)));
}

}  // namespace
}  // namespace piccolo::test
