#pragma once

// What can be chosen of a world without touching its code: whole numbers and durations, with names
// and limits. `nodes` is `--nodes 5` on the command line and `nodes = 5` in a scenario.

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/core/time.hpp"

namespace piccolo::sim {

struct Parameter {
  enum class Kind : std::uint8_t { count, time };

  static Parameter count(std::string name, std::string about, std::int64_t value, std::int64_t min,
                         std::int64_t max);
  static Parameter time(std::string name, std::string about, Duration value, Duration min,
                        Duration max);

  std::string name;   // lower case letters, digits and hyphens
  std::string about;  // one line, for help
  Kind kind = Kind::count;
  std::int64_t value = 0;  // unless chosen; of a time in nanoseconds, as are the limits
  std::int64_t min = 0;    // both limits are included
  std::int64_t max = 0;

  bool operator==(const Parameter&) const = default;
};

// "5", or "1.5s": what `Parameters::set` reads back.
std::string value_text(const Parameter& parameter);

// The parameters of one world, each with a value within its limits.
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::vector<Parameter> declared);

  // The error is one line that names the parameter and the cure.
  std::expected<void, std::string> set(std::string_view name, std::string_view text);
  // `name` is declared, and of that kind.
  std::int64_t count(std::string_view name) const;
  Duration time(std::string_view name) const;

  const std::vector<Parameter>& all() const noexcept { return all_; }
  bool has(std::string_view name) const noexcept { return find(name) != nullptr; }

  bool operator==(const Parameters&) const = default;

 private:
  const Parameter* find(std::string_view name) const noexcept;
  const Parameter& get(std::string_view name, Parameter::Kind kind) const;

  std::vector<Parameter> all_;
};

}  // namespace piccolo::sim
