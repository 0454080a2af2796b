#pragma once

// Shares, sizes and rates as people write them, read and printed in whole numbers.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace piccolo {

// Parts per million in "12.5", a percentage up to 100 without its sign, with four digits behind the
// point at most.
std::optional<std::uint32_t> parse_percentage(std::string_view text);
std::string format_percentage(std::uint32_t ppm);

// "256KiB", "1.5MB": a number and one of B, kB, MB, GB (thousands), KiB, MiB, GiB (1024s); whole
// bytes, up to 2^63 - 1.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string format_size(std::uint64_t bytes);

}  // namespace piccolo
