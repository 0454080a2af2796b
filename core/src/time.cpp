#include "piccolo/core/time.hpp"

#include <fmt/format.h>

#include <array>
#include <limits>
#include <utility>

namespace piccolo {
namespace {

using Unit = std::pair<std::string_view, std::int64_t>;

// Longest names first, so that "ms" is not read as "m" and "s".
constexpr std::array units{Unit{"ns", 1},
                           Unit{"us", 1'000},
                           Unit{"ms", 1'000'000},
                           Unit{"s", 1'000'000'000},
                           Unit{"m", 60'000'000'000},
                           Unit{"h", 3'600'000'000'000}};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Without its sign; the most negative value has one more than the most positive.
std::uint64_t magnitude(Duration value) noexcept {
  const auto bits = static_cast<std::uint64_t>(value.count());
  return value < Duration::zero() ? 0 - bits : bits;
}

std::string sign(Duration value) { return value < Duration::zero() ? "-" : ""; }

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  // Wide enough for nineteen digits of hours, but not for nine more behind the point.
  __extension__ using Wide = __int128;
  const auto bad = failure(std::errc::invalid_argument);
  std::size_t at = 0;
  Wide whole = 0;
  Wide fraction = 0;
  Wide scale = 1;
  std::size_t digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    if (++digits > 19) return bad;
    whole = whole * 10 + (text[at] - '0');
  }
  if (digits == 0) return bad;
  if (at < text.size() && text[at] == '.') {
    digits = 0;
    for (++at; at < text.size() && is_digit(text[at]); ++at) {
      if (++digits > 9) return bad;
      fraction = fraction * 10 + (text[at] - '0');
      scale *= 10;
    }
    if (digits == 0) return bad;
  }
  for (const auto& [name, nanoseconds] : units) {
    if (text.substr(at) != name) continue;
    if (fraction * nanoseconds % scale != 0) return bad;  // no whole number of nanoseconds
    const Wide value = whole * nanoseconds + fraction * nanoseconds / scale;
    if (value > std::numeric_limits<std::int64_t>::max()) return bad;
    return Duration(static_cast<std::int64_t>(value));
  }
  return bad;
}

std::string format_duration(Duration value) {
  if (value == Duration::zero()) return "0s";
  const std::uint64_t count = magnitude(value);
  // The largest of ns, us, ms, s that the value reaches; three more units would read worse.
  std::size_t chosen = 0;
  while (chosen < 3 && count >= static_cast<std::uint64_t>(units[chosen + 1].second)) ++chosen;
  const auto& [name, unit] = units[chosen];
  const auto nanoseconds = static_cast<std::uint64_t>(unit);
  std::string text = sign(value) + std::to_string(count / nanoseconds);
  if (const std::uint64_t rest = count % nanoseconds; rest != 0) {
    const std::size_t width = chosen * 3;
    std::string fraction = fmt::format("{:0{}}", rest, width);
    fraction.erase(fraction.find_last_not_of('0') + 1);
    text += "." + fraction;
  }
  return text.append(name);
}

std::string format_seconds(Duration value) {
  const std::uint64_t micros = magnitude(value) / 1000;
  return fmt::format("{}{}.{:06}", sign(value), micros / 1'000'000, micros % 1'000'000);
}

}  // namespace piccolo
