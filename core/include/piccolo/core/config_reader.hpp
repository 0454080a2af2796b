#pragma once

// For readers of TOML files: what is wrong is told in one line, `file:line:column: what; the cure`,
// and it is what stands first in the file.

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "piccolo/core/time.hpp"
#include "piccolo/core/toml.hpp"

namespace piccolo {

// Keeps the problem that stands first in the text, in whatever order they are found.
class Problems {
 public:
  void report(TextPosition at, std::string what);
  // One line that begins with the place, if anything was reported.
  std::optional<std::string> first(std::string_view source_name) const;

 private:
  std::optional<TextError> first_;
};

// "wan.toml:3:9"
std::string place(std::string_view source_name, TextPosition at);

// One key's value. Each function stores what it is, or reports what is wrong with it. All that is
// given must outlive it.
class ConfigValue {
 public:
  // `example`: a right value, as it is written in the file.
  ConfigValue(const TomlValue& value, std::string_view key, std::string_view example,
              Problems& problems)
      : value_(value), key_(key), example_(example), problems_(problems) {}

  const TomlValue& value() const noexcept { return value_; }
  std::string_view key() const noexcept { return key_; }
  Problems& problems() const noexcept { return problems_; }

  // Both limits are included.
  template <class Integer>
  void integer(Integer& into, std::int64_t low, std::int64_t high) const {
    if (const auto number = integer(low, high)) into = static_cast<Integer>(*number);
  }
  void boolean(bool& into) const;
  // Both limits are included; `limits` says them: "0s to 24h".
  void duration(Duration& into, Duration low, Duration high, std::string_view limits) const;
  // Null, and reported, when it is no string. `expected`: with its article.
  const std::string* string(std::string_view expected = "a string") const;

  void report(std::string what) const { problems_.report(value_.at, std::move(what)); }
  void wrong_type(std::string_view expected) const;
  // "for example `retry = "2s"`"
  std::string for_example() const;

 private:
  std::optional<std::int64_t> integer(std::int64_t low, std::int64_t high) const;

  const TomlValue& value_;
  std::string_view key_;
  std::string_view example_;
  Problems& problems_;
};

// A key that a file may have; `section` is empty for those above all sections.
struct KnownKey {
  std::string_view section;
  std::string_view name;
};

// Reports an entry of section `here` that is not known there, but in another section.
bool report_misplaced(const TomlValue& entry, std::string_view here, std::span<const KnownKey> keys,
                      Problems& problems);
// Reports it with what may have been meant. `noun`: "key", "section".
void report_unknown(const TomlValue& entry, std::string_view noun,
                    std::span<const std::string_view> known, Problems& problems);
// Reports an entry that must be a section, and is not.
bool require_section(const TomlValue& entry, Problems& problems);

}  // namespace piccolo
