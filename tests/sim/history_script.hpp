#pragma once

// Histories for the tests of the checker: written by hand, and made by real objects.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "piccolo/sim/history.hpp"
#include "piccolo/sim/models.hpp"

namespace piccolo::test {

using Register = sim::RegisterModel<>;
using Map = sim::MapModel<>;
using Queue = sim::QueueModel<>;

// A history of which every event is a millisecond later than the one before.
template <class Model>
struct Script {
  sim::History<Model> history;
  TimePoint now{};

  TimePoint tick() { return now += std::chrono::milliseconds(1); }
  sim::OperationId call(const std::string& client, typename Model::Input input) {
    return history.call(client, std::move(input), tick());
  }
  void returned(sim::OperationId id, typename Model::Output output) {
    history.returned(id, std::move(output), tick());
  }
  // A call that overlaps nothing else.
  void did(const std::string& client, typename Model::Input input, typename Model::Output output) {
    returned(call(client, std::move(input)), std::move(output));
  }
};

// splitmix64: the same histories on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return (z ^ (z >> 31U)) % bound;
  }
  bool percent(std::uint64_t chance) { return below(100) < chance; }

 private:
  std::uint64_t state_;
};

// Objects that work, written without the models.
class RealRegister {
 public:
  using Model = Register;
  Register::Output apply(const Register::Input& input);
  static Register::Input any_input(Dice& dice, std::uint64_t values);
  static Register::Output any_output(Dice& dice, const Register::Input& input,
                                     std::uint64_t values);

 private:
  std::int64_t value_ = 0;
};

class RealMap {
 public:
  using Model = Map;
  Map::Output apply(const Map::Input& input);
  static Map::Input any_input(Dice& dice, std::uint64_t values);
  static Map::Output any_output(Dice& dice, const Map::Input& input, std::uint64_t values);

 private:
  std::map<std::string, std::int64_t> values_;
};

class RealQueue {
 public:
  using Model = Queue;
  Queue::Output apply(const Queue::Input& input);
  static Queue::Input any_input(Dice& dice, std::uint64_t values);
  static Queue::Output any_output(Dice& dice, const Queue::Input& input, std::uint64_t values);

 private:
  std::deque<std::int64_t> values_;
};

struct Workload {
  std::size_t operations = 10;
  std::size_t clients = 3;
  std::uint64_t values = 3;        // different ones, and as many keys
  std::uint64_t lost_percent = 0;  // of operations whose client gives up; some take effect later
  std::uint64_t failed_percent = 0;
};

// Clients at work on a real object, in an order that the seed picks. Each operation takes effect at
// one moment between its call and its return, so the history is linearizable.
template <class Real>
class Workshop {
 public:
  using Model = typename Real::Model;

  Workshop(const Workload& load, std::uint64_t seed)
      : load_(load), dice_(seed), clients_(load.clients) {}

  sim::History<Model> run() {
    while (calls_ < load_.operations || busy_ > 0) {
      act(dice_.below(clients_.size()));
      if (!lost_.empty() && dice_.percent(5)) late_effect();
    }
    return std::move(script_.history);
  }

 private:
  struct Client {
    std::optional<sim::OperationId> open;
    std::optional<typename Model::Input> input;
    std::optional<typename Model::Output> output;  // once it has taken effect
  };

  void act(std::size_t index) {
    Client& client = clients_[index];
    if (!client.open) {
      if (calls_ < load_.operations) call(client, "c" + std::to_string(index));
    } else if (dice_.percent(load_.lost_percent)) {
      if (!client.output) lost_.push_back(*client.input);
      finish(client);
    } else if (!client.output && dice_.percent(load_.failed_percent)) {
      script_.history.failed(*client.open);
      finish(client);
    } else if (!client.output) {
      client.output = real_.apply(*client.input);
    } else {
      script_.returned(*client.open, *client.output);
      finish(client);
    }
  }

  void call(Client& client, const std::string& name) {
    client.input = Real::any_input(dice_, load_.values);
    client.open = script_.call(name, *client.input);
    ++calls_;
    ++busy_;
  }

  void finish(Client& client) {
    client = Client();
    --busy_;
  }

  void late_effect() {
    const auto chosen = lost_.begin() + static_cast<std::ptrdiff_t>(dice_.below(lost_.size()));
    static_cast<void>(real_.apply(*chosen));
    lost_.erase(chosen);
  }

  Workload load_;
  Dice dice_;
  Real real_;
  Script<Model> script_;
  std::vector<Client> clients_;
  std::vector<typename Model::Input> lost_;
  std::size_t calls_ = 0;
  std::size_t busy_ = 0;
};

template <class Real>
sim::History<typename Real::Model> real_history(const Workload& load, std::uint64_t seed) {
  return Workshop<Real>(load, seed).run();
}

// A history's events as values, to be changed and played again.
template <class Model>
struct Event {
  std::size_t operation = 0;
  bool is_return = false;
};

template <class Model>
std::vector<Event<Model>> events_of(const sim::History<Model>& history) {
  std::map<std::uint64_t, Event<Model>> sorted;
  for (std::size_t index = 0; index < history.operations().size(); ++index) {
    const auto& operation = history.operations()[index];
    sorted[operation.called] = {index, false};
    if (operation.output) sorted[operation.returned] = {index, true};
  }
  std::vector<Event<Model>> events;
  for (const auto& [position, event] : sorted) events.push_back(event);
  return events;
}

// The same operations in an order of events of the caller's. `name`, `at`: of an operation's index
// and of an event's.
template <class Model, class Name, class At>
sim::History<Model> replayed(const sim::History<Model>& history,
                             const std::vector<Event<Model>>& events, Name name, At at) {
  sim::History<Model> result(history.model());
  std::map<std::size_t, sim::OperationId> ids;
  for (std::size_t index = 0; index < events.size(); ++index) {
    const auto& [which, is_return] = events[index];
    const auto& operation = history.operations()[which];
    if (is_return) {
      result.returned(ids.at(which), *operation.output, at(index));
    } else {
      ids[which] = result.call(name(which), operation.input, at(index));
      if (operation.failed) result.failed(ids[which]);
    }
  }
  return result;
}

}  // namespace piccolo::test
