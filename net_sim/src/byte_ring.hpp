#pragma once

// The bytes of one direction of a stream, addressed by their offset from its beginning. Grows to
// what is really in use; the caller bounds that.

#include <cstddef>
#include <cstdint>
#include <span>

#include "piccolo/core/byte_buffer.hpp"

namespace piccolo {

class ByteRing {
 public:
  std::uint64_t begin() const noexcept { return begin_; }
  std::uint64_t end() const noexcept { return end_; }

  void append(std::span<const std::byte> bytes);
  // Copies out what starts at `offset`; all of it must be there.
  void copy_out(std::uint64_t offset, std::span<std::byte> to) const noexcept;
  // Everything before `offset` is no longer needed.
  void discard_before(std::uint64_t offset) noexcept;

 private:
  void reserve(std::size_t bytes);

  ByteBuffer storage_;  // its size is a power of two, or zero
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace piccolo
