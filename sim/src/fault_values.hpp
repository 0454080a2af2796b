#pragma once

// The words of a fault's line: for each placeholder how a person reads it, how it is printed, and
// how it is read.

#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/fault.hpp"

namespace piccolo {

// One word of a form: "<->", "{host}", "{process},".
struct FormWord {
  explicit FormWord(std::string_view word) noexcept;
  bool is_value() const noexcept { return !value.empty(); }
  // Whether a word of a line can stand in its place, whatever its value.
  bool matches(std::string_view word) const noexcept;
  // The value in a word that matches.
  std::string_view value_in(std::string_view word) const noexcept {
    return word.substr(before.size(), word.size() - before.size() - after.size());
  }

  std::string_view before;
  std::string_view value;  // the placeholder's name, or empty
  std::string_view after;
};

// What stands for a placeholder in help: "HOST", "TIME".
std::string_view placeholder_words(std::string_view placeholder) noexcept;

// The text of a placeholder. `subject` counts the subjects that were printed.
std::string print_value(std::string_view placeholder, const Fault& fault, const FaultScene& scene,
                        std::size_t& subject);

// Puts the value into the fault, or tells what is wrong with the text.
std::optional<std::string> read_value(std::string_view placeholder, std::string_view text,
                                      const FaultScene& scene, Fault& fault);

// A time without a sign, or what is wrong with the text.
std::expected<Duration, std::string> read_time(std::string_view text);

}  // namespace piccolo
