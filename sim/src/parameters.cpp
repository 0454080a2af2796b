#include "piccolo/sim/parameters.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/suggest.hpp"

namespace piccolo::sim {
namespace {

Parameter parameter(std::string name, std::string about, Parameter::Kind kind) {
  Parameter made;
  made.name = std::move(name);
  made.about = std::move(about);
  made.kind = kind;
  return made;
}

std::string print(Parameter::Kind kind, std::int64_t value) {
  return kind == Parameter::Kind::time ? format_duration(Duration(value)) : std::to_string(value);
}

std::optional<std::int64_t> read(Parameter::Kind kind, std::string_view text) {
  if (kind == Parameter::Kind::time) {
    const auto time = parse_duration(text);
    return time ? std::optional(time->count()) : std::nullopt;
  }
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

void check(const Parameter& declared) {
  PICCOLO_ASSERT(!declared.name.empty(), "a parameter was declared without a name");
  PICCOLO_ASSERT(declared.min <= declared.value && declared.value <= declared.max,
                 "a parameter was declared with a value beyond its limits");
}

}  // namespace

Parameter Parameter::count(std::string name, std::string about, std::int64_t value,
                           std::int64_t min, std::int64_t max) {
  Parameter made = parameter(std::move(name), std::move(about), Kind::count);
  made.value = value;
  made.min = min;
  made.max = max;
  return made;
}

Parameter Parameter::time(std::string name, std::string about, Duration value, Duration min,
                          Duration max) {
  Parameter made = parameter(std::move(name), std::move(about), Kind::time);
  made.value = value.count();
  made.min = min.count();
  made.max = max.count();
  return made;
}

std::string value_text(const Parameter& parameter) {
  return print(parameter.kind, parameter.value);
}

Parameters::Parameters(std::vector<Parameter> declared) : all_(std::move(declared)) {
  for (const Parameter& each : all_) {
    check(each);
    PICCOLO_ASSERT(find(each.name) == &each, "two parameters of a world have one name");
  }
}

const Parameter* Parameters::find(std::string_view name) const noexcept {
  for (const Parameter& each : all_) {
    if (each.name == name) return &each;
  }
  return nullptr;
}

std::expected<void, std::string> Parameters::set(std::string_view name, std::string_view text) {
  for (Parameter& each : all_) {
    if (each.name != name) continue;
    const auto value = read(each.kind, text);
    if (!value || *value < each.min || *value > each.max) {
      return std::unexpected(fmt::format(
          "{}: `{}` is no {} that fits; give {}..{}{}", name, text,
          each.kind == Parameter::Kind::time ? "time" : "number", print(each.kind, each.min),
          print(each.kind, each.max),
          each.kind == Parameter::Kind::time ? ", a number and a unit such as 1.5s" : ""));
    }
    each.value = *value;
    return {};
  }
  std::vector<std::string_view> known;
  known.reserve(all_.size());
  for (const Parameter& each : all_) known.emplace_back(each.name);
  if (known.empty()) {
    return std::unexpected(fmt::format("`{}` is unknown: this world has no parameters", name));
  }
  return std::unexpected(
      fmt::format("`{}` is no parameter of this world; {}", name, suggestion(name, known)));
}

const Parameter& Parameters::get(std::string_view name, Parameter::Kind kind) const {
  const Parameter* const found = find(name);
  PICCOLO_ASSERT(found != nullptr, "a world asked for a parameter that it did not declare");
  PICCOLO_ASSERT(found->kind == kind, "a world asked for a time as a count, or the reverse");
  return *found;
}

std::int64_t Parameters::count(std::string_view name) const {
  return get(name, Parameter::Kind::count).value;
}

Duration Parameters::time(std::string_view name) const {
  return Duration(get(name, Parameter::Kind::time).value);
}

}  // namespace piccolo::sim
