#pragma once

// Failures of the network are values. Exceptions are for bugs and for configuration.

#include <expected>
#include <system_error>

namespace piccolo {

template <class T = void>
using Result = std::expected<T, std::error_code>;

inline std::unexpected<std::error_code> failure(std::errc code) noexcept {
  return std::unexpected(std::make_error_code(code));
}

inline std::unexpected<std::error_code> failure(std::error_code code) noexcept {
  return std::unexpected(code);
}

}  // namespace piccolo
