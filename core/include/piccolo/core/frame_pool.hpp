#pragma once

// Recycled memory for coroutine frames and fibers. One pool per thread; it decides where a frame
// lies, never what the program does. Under AddressSanitizer it passes through to `operator new`,
// so that use after free stays visible.

#include <array>
#include <cstddef>
#include <cstdint>

namespace piccolo::frame_pool {

namespace detail {

// Classes of 64 bytes up to 2 KiB: every frame of the node and of the tests fits.
inline constexpr std::size_t granule = 64;
inline constexpr std::size_t classes = 32;

struct FreeBlock {
  FreeBlock* next;
};

struct Pool {
  std::array<FreeBlock*, classes> free{};
  std::int64_t live = 0;
};

// Without a constructor and a destructor, so that reaching it takes no call.
extern constinit thread_local Pool pool;

constexpr std::size_t class_of(std::size_t bytes) noexcept { return (bytes - 1) / granule; }
void* allocate_anew(std::size_t bytes);

}  // namespace detail

// `bytes` > 0. Throws std::bad_alloc.
inline void* allocate(std::size_t bytes) {
  const std::size_t index = detail::class_of(bytes);
  if (index >= detail::classes || detail::pool.free[index] == nullptr) {
    return detail::allocate_anew(bytes);
  }
  detail::FreeBlock* const block = detail::pool.free[index];
  detail::pool.free[index] = block->next;
  ++detail::pool.live;
  return block;
}

void deallocate(void* memory, std::size_t bytes) noexcept;

// Blocks handed out and not yet returned on the calling thread. A block that was allocated on one
// thread and freed on another counts on both, so compare only where a world stays on its thread.
std::int64_t live_blocks() noexcept;

}  // namespace piccolo::frame_pool
