#pragma once

// A buffer of a fixed number of bytes in recycled memory. They are not initialised: filling a
// buffer for each connection with zeros costs more than a short message does. Write before you
// read.

#include <cstddef>
#include <span>
#include <utility>

#include "piccolo/core/block_pool.hpp"

namespace piccolo {

class ByteBuffer {
 public:
  ByteBuffer() noexcept = default;
  explicit ByteBuffer(std::size_t bytes)
      : data_(bytes > 0 ? static_cast<std::byte*>(block_pool::allocate(bytes)) : nullptr),
        size_(bytes) {}
  ByteBuffer(ByteBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~ByteBuffer() {
    if (data_ != nullptr) block_pool::deallocate(data_, size_);
  }

  std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  std::span<std::byte> bytes() const noexcept { return {data_, size_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace piccolo
