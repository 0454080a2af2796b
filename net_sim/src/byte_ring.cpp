#include "byte_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "piccolo/core/assert.hpp"

namespace piccolo {
namespace {

constexpr std::size_t smallest_ring = 64;

}  // namespace

void ByteRing::append(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  reserve(static_cast<std::size_t>(end_ - begin_) + bytes.size());
  const std::size_t mask = storage_.size() - 1;
  const std::size_t at = static_cast<std::size_t>(end_) & mask;
  const std::size_t first = std::min(bytes.size(), storage_.size() - at);
  std::memcpy(storage_.data() + at, bytes.data(), first);
  std::memcpy(storage_.data(), bytes.data() + first, bytes.size() - first);
  end_ += bytes.size();
}

void ByteRing::copy_out(std::uint64_t offset, std::span<std::byte> to) const noexcept {
  PICCOLO_ASSERT(offset >= begin_ && offset + to.size() <= end_,
                 "bytes were read that are not in the ring");
  if (to.empty()) return;
  const std::size_t mask = storage_.size() - 1;
  const std::size_t at = static_cast<std::size_t>(offset) & mask;
  const std::size_t first = std::min(to.size(), storage_.size() - at);
  std::memcpy(to.data(), storage_.data() + at, first);
  std::memcpy(to.data() + first, storage_.data(), to.size() - first);
}

void ByteRing::discard_before(std::uint64_t offset) noexcept {
  begin_ = std::max(begin_, std::min(offset, end_));
}

void ByteRing::reserve(std::size_t bytes) {
  if (bytes <= storage_.size()) return;
  ByteBuffer larger(std::bit_ceil(std::max(bytes, smallest_ring)));
  const auto used = static_cast<std::size_t>(end_ - begin_);
  const std::size_t at = static_cast<std::size_t>(begin_) & (larger.size() - 1);
  const std::size_t first = std::min(used, larger.size() - at);
  copy_out(begin_, larger.bytes().subspan(at, first));
  copy_out(begin_ + first, larger.bytes().first(used - first));
  storage_ = std::move(larger);
}

}  // namespace piccolo
