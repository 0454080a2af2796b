#include "history_script.hpp"

namespace piccolo::test {
namespace {

std::int64_t any_value(Dice& dice, std::uint64_t values) {
  return static_cast<std::int64_t>(dice.below(values));
}

// Nothing is as likely as each value.
std::optional<std::int64_t> perhaps_value(Dice& dice, std::uint64_t values) {
  if (dice.below(values + 1) == 0) return std::nullopt;
  return any_value(dice, values);
}

}  // namespace

Register::Output RealRegister::apply(const Register::Input& input) {
  switch (input.kind) {
    case Register::Kind::read:
      return Register::got(value_);
    case Register::Kind::write:
      value_ = input.value;
      return Register::done();
    case Register::Kind::compare_and_swap:
      if (value_ != input.expected) return Register::swapped(false);
      value_ = input.value;
      return Register::swapped(true);
  }
  return {};
}

Register::Input RealRegister::any_input(Dice& dice, std::uint64_t values) {
  const std::uint64_t kind = dice.below(5);
  const std::int64_t value = any_value(dice, values);
  if (kind < 2) return Register::read();
  if (kind < 4) return Register::write(value);
  return Register::compare_and_swap(any_value(dice, values), value);
}

Register::Output RealRegister::any_output(Dice& dice, const Register::Input& input,
                                          std::uint64_t values) {
  switch (input.kind) {
    case Register::Kind::read:
      return Register::got(any_value(dice, values));
    case Register::Kind::write:
      return Register::done();
    case Register::Kind::compare_and_swap:
      return Register::swapped(dice.percent(50));
  }
  return {};
}

Map::Output RealMap::apply(const Map::Input& input) {
  const auto found = values_.find(input.at);
  const auto value = found == values_.end() ? std::nullopt : std::optional(found->second);
  switch (input.kind) {
    case Map::Kind::get:
      return Map::got(value);
    case Map::Kind::put:
      values_[input.at] = *input.value;
      return Map::done();
    case Map::Kind::erase:
      values_.erase(input.at);
      return Map::done();
    case Map::Kind::compare_and_swap:
      if (value != input.expected) return Map::swapped(false);
      values_[input.at] = *input.value;
      return Map::swapped(true);
  }
  return {};
}

Map::Input RealMap::any_input(Dice& dice, std::uint64_t values) {
  const std::uint64_t kind = dice.below(10);
  const std::string key = "k" + std::to_string(dice.below(values));
  const std::int64_t value = any_value(dice, values);
  if (kind < 4) return Map::get(key);
  if (kind < 7) return Map::put(key, value);
  if (kind < 8) return Map::erase(key);
  return Map::compare_and_swap(key, perhaps_value(dice, values), value);
}

Map::Output RealMap::any_output(Dice& dice, const Map::Input& input, std::uint64_t values) {
  switch (input.kind) {
    case Map::Kind::get:
      return Map::got(perhaps_value(dice, values));
    case Map::Kind::put:
    case Map::Kind::erase:
      return Map::done();
    case Map::Kind::compare_and_swap:
      return Map::swapped(dice.percent(50));
  }
  return {};
}

Queue::Output RealQueue::apply(const Queue::Input& input) {
  if (input.value) {
    values_.push_back(*input.value);
    return Queue::done();
  }
  if (values_.empty()) return Queue::got(std::nullopt);
  const std::int64_t front = values_.front();
  values_.pop_front();
  return Queue::got(front);
}

Queue::Input RealQueue::any_input(Dice& dice, std::uint64_t values) {
  const std::int64_t value = any_value(dice, values);
  return dice.percent(50) ? Queue::push(value) : Queue::pop();
}

Queue::Output RealQueue::any_output(Dice& dice, const Queue::Input& input, std::uint64_t values) {
  return input.value ? Queue::done() : Queue::got(perhaps_value(dice, values));
}

}  // namespace piccolo::test
