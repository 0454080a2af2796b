#include "piccolo/core/mailbox.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <string>

#include "death.hpp"
#include "manual_world.hpp"
#include "property.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

using Words = Mailbox<std::string>;

Task<void> sender(Words& mailbox, std::string value, Lines* lines) {
  const auto sent = co_await mailbox.send(value);
  lines->push_back("sent " + value + (sent ? "" : ": " + error_name(sent.error())));
}

Task<void> receiver(Words& mailbox, std::string name, Lines* lines) {
  const auto value = co_await mailbox.receive();
  lines->push_back(name + " got " + (value ? *value : error_name(value.error())));
}

Task<void> send_counted(Mailbox<Counted>& mailbox, Counted value) {
  co_await mailbox.send(std::move(value));
}

Task<void> receive_counted(Mailbox<Counted>& mailbox) { co_await mailbox.receive(); }

Task<void> send_box(Mailbox<std::unique_ptr<std::string>>& mailbox) {
  co_await mailbox.send(std::make_unique<std::string>("moved through"));
}

Task<std::string> receive_box(Mailbox<std::unique_ptr<std::string>>& mailbox) {
  const auto value = co_await mailbox.receive();
  co_return **value;
}

Task<std::string> pass_box(Executor& executor) {
  Mailbox<std::unique_ptr<std::string>> mailbox(1);
  Scope scope(executor);
  scope.spawn(send_box(mailbox));
  std::string text = co_await receive_box(mailbox);
  co_await scope.join();
  co_return text;
}

}  // namespace

TEST_CASE("mailbox: values come out in the order they went in") {
  ManualWorld world;
  Lines lines;
  Words mailbox(3);
  for (const char* value : {"a", "b", "c"}) world.spawn(sender(mailbox, value, &lines));
  world.settle();
  CHECK(lines == Lines{"sent a", "sent b", "sent c"});
  lines.clear();
  for (const char* name : {"1", "2", "3"}) world.spawn(receiver(mailbox, name, &lines));
  world.settle();
  CHECK(lines == Lines{"1 got a", "2 got b", "3 got c"});
}

TEST_CASE("mailbox: a full one makes senders wait, and lets them in one by one") {
  ManualWorld world;
  Lines lines;
  Words mailbox(1);
  for (const char* value : {"a", "b", "c"}) world.spawn(sender(mailbox, value, &lines));
  world.settle();
  CHECK(lines == Lines{"sent a"});
  CHECK(mailbox.size() == 1);
  CHECK_FALSE(mailbox.try_send("x"));
  world.spawn(receiver(mailbox, "1", &lines));
  world.settle();
  CHECK(lines == Lines{"sent a", "sent b", "1 got a"});
  CHECK(mailbox.size() == 1);
  CHECK_FALSE(mailbox.try_send("x"));  // room goes to those who waited, not to newcomers
  for (const char* name : {"2", "3"}) world.spawn(receiver(mailbox, name, &lines));
  world.settle();
  CHECK(std::count(lines.begin(), lines.end(), "2 got b") == 1);
  CHECK(std::count(lines.begin(), lines.end(), "3 got c") == 1);
  CHECK(mailbox.size() == 0);
}

TEST_CASE("mailbox: an empty one makes receivers wait, the first served first") {
  ManualWorld world;
  Lines lines;
  Words mailbox(5);
  for (const char* name : {"1", "2"}) world.spawn(receiver(mailbox, name, &lines));
  world.settle();
  CHECK(lines.empty());
  CHECK(mailbox.try_send("a"));
  CHECK(mailbox.size() == 0);
  CHECK(mailbox.try_send("b"));
  CHECK(mailbox.try_send("c"));
  CHECK(mailbox.size() == 1);
  world.settle();
  CHECK(lines == Lines{"1 got a", "2 got b"});
}

TEST_CASE("mailbox: after close, what was sent is still received, and nothing more") {
  ManualWorld world;
  Lines lines;
  Words mailbox(2);
  CHECK(mailbox.try_send("a"));
  CHECK(mailbox.try_send("b"));
  world.spawn(sender(mailbox, "waiting", &lines));
  world.settle();
  mailbox.close();
  CHECK_FALSE(mailbox.try_send("x"));
  world.spawn(sender(mailbox, "late", &lines));
  for (const char* name : {"1", "2", "3"}) world.spawn(receiver(mailbox, name, &lines));
  world.settle();
  CHECK(lines == Lines{"sent waiting: mailbox_closed", "sent late: mailbox_closed", "1 got a",
                       "2 got b", "3 got mailbox_closed"});
}

TEST_CASE("mailbox: close wakes those who wait for a value") {
  ManualWorld world;
  Lines lines;
  Words mailbox(1);
  for (const char* name : {"1", "2"}) world.spawn(receiver(mailbox, name, &lines));
  world.settle();
  mailbox.close();
  mailbox.close();
  world.settle();
  CHECK(lines == Lines{"1 got mailbox_closed", "2 got mailbox_closed"});
}

TEST_CASE("mailbox: a canceled receiver takes nothing with it") {
  ManualWorld world;
  Lines lines;
  Words mailbox(2);
  Scope first(world.executor);
  Scope second(world.executor);
  first.spawn(receiver(mailbox, "1", &lines));
  world.settle();
  second.spawn(receiver(mailbox, "2", &lines));
  world.settle();
  first.cancel();
  CHECK(mailbox.try_send("a"));
  world.settle();
  CHECK(lines == Lines{"1 got operation_canceled", "2 got a"});
}

TEST_CASE("mailbox: a canceled sender's value is not sent, the others' are") {
  ManualWorld world;
  Lines lines;
  Words mailbox(1);
  CHECK(mailbox.try_send("a"));
  Scope first(world.executor);
  first.spawn(sender(mailbox, "b", &lines));
  world.settle();
  world.spawn(sender(mailbox, "c", &lines));
  world.settle();
  first.cancel();
  world.settle();
  for (const char* name : {"1", "2"}) world.spawn(receiver(mailbox, name, &lines));
  world.settle();
  CHECK(lines == Lines{"sent b: operation_canceled", "sent c", "1 got a", "2 got c"});
}

TEST_CASE("mailbox: values that can only be moved pass through") {
  ManualWorld world;
  CHECK(world.run(pass_box(world.executor)) == "moved through");
}

TEST_CASE("mailbox: every value is destroyed exactly once, wherever it was") {
  int alive = 0;
  {
    ManualWorld world;
    Mailbox<Counted> mailbox(1);
    Scope scope(world.executor);
    for (int index = 0; index < 4; ++index) scope.spawn(send_counted(mailbox, Counted(&alive)));
    world.settle();
    CHECK(alive > 0);
    scope.spawn(receive_counted(mailbox));
    world.settle();
  }
  CHECK(alive == 0);
}

TEST_CASE("mailbox: misuse aborts and says so") {
  CHECK_THAT(abort_message([] { Words mailbox(0); }),
             contains_text("a mailbox needs room for at least one value"));
  CHECK_THAT(abort_message([] {
               ManualWorld world;
               Lines lines;
               auto mailbox = std::make_unique<Words>(1);
               world.spawn(receiver(*mailbox, "1", &lines));
               world.settle();
               mailbox.reset();
             }),
             contains_text("a mailbox was destroyed while a task waited on it"));
}

namespace {

// What a mailbox should be, written as plainly as possible.
struct Model {
  explicit Model(std::size_t room) : capacity(room) {}
  std::size_t capacity;
  std::deque<int> values;
  std::deque<int> senders;
  std::size_t receivers = 0;
  std::deque<int> received;

  void settle() {
    while (receivers > 0 && !values.empty()) {
      received.push_back(values.front());
      values.pop_front();
      --receivers;
      admit();
    }
  }
  void admit() {
    while (!senders.empty() && values.size() < capacity) {
      values.push_back(senders.front());
      senders.pop_front();
    }
  }
};

Task<void> send_number(Mailbox<int>& mailbox, int value) { co_await mailbox.send(value); }

Task<void> receive_number(Mailbox<int>& mailbox, std::deque<int>* received) {
  const auto value = co_await mailbox.receive();
  if (value) received->push_back(*value);
}

}  // namespace

TEST_CASE("mailbox: it agrees with two plain queues whatever is done to it") {
  rc::prop("operations in any order", [] {
    const auto capacity = *rc::gen::inRange<std::size_t>(1, 5);
    ManualWorld world;
    Mailbox<int> mailbox(capacity);
    Scope scope(world.executor);
    Model model(capacity);
    std::deque<int> received;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 5));
    int value = 0;
    for (const int step : steps) {
      ++value;
      if (step < 2) {
        scope.spawn(send_number(mailbox, value));
        model.senders.push_back(value);
        model.admit();
      } else if (step < 4) {
        scope.spawn(receive_number(mailbox, &received));
        ++model.receivers;
      } else {
        const bool room = model.values.size() < capacity;
        RC_ASSERT(mailbox.try_send(value) == room);
        if (room) model.values.push_back(value);
      }
      world.settle();
      model.settle();
      RC_ASSERT(received == model.received);
      RC_ASSERT(mailbox.size() == model.values.size());
    }
  });
}
