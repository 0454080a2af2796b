#include "quantities.hpp"

#include <array>
#include <limits>
#include <utility>

namespace piccolo {
namespace {

// Wide enough for nineteen digits times a GiB.
__extension__ using WideUnsigned = unsigned __int128;

constexpr std::uint32_t ppm_per_percent = 10'000;
constexpr std::uint32_t ppm_max = 100 * ppm_per_percent;

using Unit = std::pair<std::string_view, std::uint64_t>;

// The largest first: the first that fits is the one to print.
constexpr std::array units{Unit{"GiB", 1ULL << 30U},
                           Unit{"GB", 1'000'000'000},
                           Unit{"MiB", 1ULL << 20U},
                           Unit{"MB", 1'000'000},
                           Unit{"KiB", 1ULL << 10U},
                           Unit{"kB", 1'000},
                           Unit{"B", 1}};

// The digits that the text begins with, which are taken off it; nothing for none or too many.
std::optional<WideUnsigned> take_digits(std::string_view& text, std::size_t digits_max,
                                        WideUnsigned& scale) {
  WideUnsigned value = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == digits_max) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
    scale *= 10;
  }
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

// A decimal number that fills the text, times `unit`; nothing unless that is whole.
std::optional<WideUnsigned> scaled(std::string_view text, std::uint64_t unit) {
  WideUnsigned ignored = 1;
  WideUnsigned scale = 1;
  const auto whole = take_digits(text, 19, ignored);
  if (!whole) return std::nullopt;
  std::optional<WideUnsigned> fraction = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text, 9, scale);
  }
  if (!fraction || !text.empty() || *fraction * unit % scale != 0) return std::nullopt;
  return *whole * unit + *fraction * unit / scale;
}

}  // namespace

std::optional<std::uint32_t> parse_percentage(std::string_view text) {
  const auto ppm = scaled(text, ppm_per_percent);
  if (!ppm || *ppm > ppm_max) return std::nullopt;
  return static_cast<std::uint32_t>(*ppm);
}

std::string format_percentage(std::uint32_t ppm) {
  std::string text = std::to_string(ppm / ppm_per_percent);
  if (ppm % ppm_per_percent == 0) return text;
  // The 1 in front keeps the zeros.
  std::string fraction = std::to_string(ppm_per_percent + ppm % ppm_per_percent);
  fraction.front() = '.';
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return text + fraction;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  for (const auto& [name, unit] : units) {
    if (!text.ends_with(name)) continue;
    const auto bytes = scaled(text.substr(0, text.size() - name.size()), unit);
    if (!bytes || *bytes > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return static_cast<std::uint64_t>(*bytes);
  }
  return std::nullopt;
}

std::string format_size(std::uint64_t bytes) {
  for (const auto& [name, unit] : units) {
    if (bytes % unit == 0 && (bytes > 0 || unit == 1)) {
      return std::to_string(bytes / unit).append(name);
    }
  }
  return {};
}

}  // namespace piccolo
