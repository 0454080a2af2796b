#pragma once

// Bytes in network order, and the Internet checksum (RFC 1071).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace piccolo::sim {

class WireBytes {
 public:
  void u8(std::uint32_t value) { bytes_ += static_cast<char>(value & 0xffU); }
  void u16(std::uint32_t value) {
    u8(value >> 8U);
    u8(value);
  }
  void u32(std::uint32_t value) {
    u16(value >> 16U);
    u16(value);
  }
  void raw(std::string_view bytes) { bytes_ += bytes; }
  void raw(std::span<const std::byte> bytes) {
    bytes_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  void set_u16(std::size_t at, std::uint32_t value) {
    bytes_[at] = static_cast<char>((value >> 8U) & 0xffU);
    bytes_[at + 1] = static_cast<char>(value & 0xffU);
  }

  const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

// Of all that was added, in pieces of even length but for the last.
class Checksum {
 public:
  void add(std::string_view bytes) noexcept {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      const auto byte = static_cast<unsigned char>(bytes[at]);
      sum_ += at % 2 == 0 ? static_cast<std::uint32_t>(byte) << 8U : byte;
    }
  }
  std::uint16_t value() const noexcept {
    std::uint64_t sum = sum_;
    while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum & 0xffffU);
  }

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace piccolo::sim
