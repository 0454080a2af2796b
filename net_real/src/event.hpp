#pragma once

// What a socket is waited for.

#include <cstddef>
#include <cstdint>

namespace piccolo::real {

enum class Event : std::uint8_t {
  read,
  write,
  error,  // or the end of both directions; the others are told as well then
};
constexpr std::size_t event_count = 3;

constexpr std::size_t index(Event event) noexcept { return static_cast<std::size_t>(event); }

}  // namespace piccolo::real
