#include "piccolo/core/endpoint.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace piccolo {
namespace {

// Decimal, no sign, no leading zero, at most 65535.
Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stop != end || text.empty() || (text.size() > 1 && text[0] == '0')) {
    return failure(std::errc::invalid_argument);
  }
  return port;
}

struct Split {
  std::string_view host;
  std::string_view port;
  bool bracketed = false;
};

// "host:port" or "[host]:port"; an unbracketed host has no colon of its own.
Result<Split> split(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t close = bracketed ? text.find(']') : text.find(':');
  if (close == std::string_view::npos) return failure(std::errc::invalid_argument);
  Split parts;
  parts.bracketed = bracketed;
  parts.host = bracketed ? text.substr(1, close - 1) : text.substr(0, close);
  const std::string_view rest = text.substr(bracketed ? close + 1 : close);
  if (parts.host.empty() || !rest.starts_with(':')) return failure(std::errc::invalid_argument);
  parts.port = rest.substr(1);
  return parts;
}

// A host name by RFC 1123: letters, digits and hyphens between dots (underscores are seen in the
// wild and do no harm). All digits and dots is a mistyped address, not a name.
bool plausible_name(std::string_view host) {
  if (host.size() > 253 || host.find_first_not_of("0123456789.") == std::string_view::npos) {
    return false;
  }
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  });
}

}  // namespace

Address Address::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept {
  return v4_bytes({a, b, c, d});
}

Address Address::v4_bytes(const std::array<std::uint8_t, 4>& bytes) noexcept {
  Address address;
  std::copy(bytes.begin(), bytes.end(), address.bytes_.begin());
  return address;
}

Address Address::v6_bytes(const std::array<std::uint8_t, 16>& bytes) noexcept {
  Address address;
  address.family_ = Family::v6;
  address.bytes_ = bytes;
  return address;
}

Address Address::loopback(Family family) noexcept {
  if (family == Family::v4) return v4(127, 0, 0, 1);
  std::array<std::uint8_t, 16> bytes{};
  bytes[15] = 1;
  return v6_bytes(bytes);
}

Address Address::any(Family family) noexcept {
  return family == Family::v4 ? Address() : v6_bytes({});
}

Result<Address> Address::parse(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != std::string::npos) return failure(std::errc::invalid_argument);
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, terminated.c_str(), four.data()) == 1) return v4_bytes(four);
  std::array<std::uint8_t, 16> sixteen{};
  if (inet_pton(AF_INET6, terminated.c_str(), sixteen.data()) == 1) return v6_bytes(sixteen);
  return failure(std::errc::invalid_argument);
}

bool Address::is_loopback() const noexcept {
  return is_v4() ? bytes_[0] == 127 : *this == loopback(Family::v6);
}

bool Address::is_unspecified() const noexcept { return *this == any(family_); }

Address Address::canonical() const noexcept {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (is_v4() || !std::equal(mapped.begin(), mapped.end(), bytes_.begin())) return *this;
  return v4(bytes_[12], bytes_[13], bytes_[14], bytes_[15]);
}

std::string Address::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes_.data(), text.data(), text.size());
  return text.data();
}

Result<Endpoint> Endpoint::parse(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return failure(parts.error());
  const auto address = Address::parse(parts->host);
  if (!address) return failure(address.error());
  const auto port = parse_port(parts->port);
  if (!port) return failure(port.error());
  if (address->is_v4() == parts->bracketed) return failure(std::errc::invalid_argument);
  return Endpoint(*address, *port);
}

std::string Endpoint::to_string() const {
  return fmt::format(fmt::runtime(address.is_v4() ? "{}:{}" : "[{}]:{}"), address.to_string(),
                     port);
}

Result<HostPort> HostPort::parse(std::string_view text) {
  const auto parts = split(text);
  if (!parts) return failure(parts.error());
  const auto port = parse_port(parts->port);
  if (!port || *port == 0) return failure(std::errc::invalid_argument);
  const auto address = Address::parse(parts->host);
  const bool spelled_well = address ? address->is_v4() != parts->bracketed
                                    : !parts->bracketed && plausible_name(parts->host);
  if (!spelled_well) return failure(std::errc::invalid_argument);
  return HostPort(std::string(parts->host), *port);
}

std::string HostPort::to_string() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

}  // namespace piccolo

namespace {

fmt::format_context::iterator write_text(const std::string& text, fmt::format_context& context) {
  return std::copy(text.begin(), text.end(), context.out());
}

}  // namespace

auto fmt::formatter<piccolo::Address>::format(const piccolo::Address& value,
                                              fmt::format_context& context) const
    -> fmt::format_context::iterator {
  return write_text(value.to_string(), context);
}

auto fmt::formatter<piccolo::Endpoint>::format(const piccolo::Endpoint& value,
                                               fmt::format_context& context) const
    -> fmt::format_context::iterator {
  return write_text(value.to_string(), context);
}

auto fmt::formatter<piccolo::HostPort>::format(const piccolo::HostPort& value,
                                               fmt::format_context& context) const
    -> fmt::format_context::iterator {
  return write_text(value.to_string(), context);
}
