#pragma once

// Addresses and endpoints, IPv4 and IPv6. Plain values: copy, compare, sort, print with fmt.

#include <fmt/core.h>

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "piccolo/core/result.hpp"

namespace piccolo {

class Address {
 public:
  enum class Family : std::uint8_t { v4, v6 };

  // 0.0.0.0
  constexpr Address() noexcept = default;

  static Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept;
  static Address v4_bytes(const std::array<std::uint8_t, 4>& bytes) noexcept;
  static Address v6_bytes(const std::array<std::uint8_t, 16>& bytes) noexcept;
  static Address loopback(Family family) noexcept;  // 127.0.0.1 or ::1
  static Address any(Family family) noexcept;       // 0.0.0.0 or ::

  // "10.0.0.1", "::1". No names, no brackets, no zone: those are `invalid_argument`.
  static Result<Address> parse(std::string_view text);

  Family family() const noexcept { return family_; }
  bool is_v4() const noexcept { return family_ == Family::v4; }
  // All of 127.0.0.0/8, and ::1.
  bool is_loopback() const noexcept;
  // 0.0.0.0 and ::
  bool is_unspecified() const noexcept;
  // ::ffff:a.b.c.d becomes a.b.c.d; everything else stays as it is. Two spellings of one
  // destination compare equal only after this.
  Address canonical() const noexcept;

  // Four bytes used for v4 (the rest zero), sixteen for v6; network order.
  const std::array<std::uint8_t, 16>& bytes() const noexcept { return bytes_; }
  std::string to_string() const;

  auto operator<=>(const Address&) const noexcept = default;

 private:
  Family family_ = Family::v4;
  std::array<std::uint8_t, 16> bytes_{};
};

struct Endpoint {
  Address address;
  std::uint16_t port = 0;

  Endpoint() noexcept = default;
  Endpoint(Address at, std::uint16_t on) noexcept : address(at), port(on) {}

  // "127.0.0.1:19919", "[::1]:19919". Anything else is `invalid_argument`.
  static Result<Endpoint> parse(std::string_view text);

  Endpoint canonical() const noexcept { return Endpoint(address.canonical(), port); }
  std::string to_string() const;  // the text that `parse` reads

  auto operator<=>(const Endpoint&) const noexcept = default;
};

// A destination as a person writes it: the host may be an address or a name.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;

  HostPort() = default;
  HostPort(std::string name, std::uint16_t number) : host(std::move(name)), port(number) {}

  // "localhost:19919", "10.0.0.1:80", "[::1]:80"; port 1..65535. Otherwise `invalid_argument`.
  static Result<HostPort> parse(std::string_view text);
  std::string to_string() const;

  auto operator<=>(const HostPort&) const = default;
};

}  // namespace piccolo

template <>
struct fmt::formatter<piccolo::Address> : fmt::formatter<std::string_view> {
  auto format(const piccolo::Address& value, fmt::format_context& context) const
      -> fmt::format_context::iterator;
};

template <>
struct fmt::formatter<piccolo::Endpoint> : fmt::formatter<std::string_view> {
  auto format(const piccolo::Endpoint& value, fmt::format_context& context) const
      -> fmt::format_context::iterator;
};

template <>
struct fmt::formatter<piccolo::HostPort> : fmt::formatter<std::string_view> {
  auto format(const piccolo::HostPort& value, fmt::format_context& context) const
      -> fmt::format_context::iterator;
};
