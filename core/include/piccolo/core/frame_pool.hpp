#pragma once

// Memory of coroutine frames and fibers: out of the thread's recycled blocks, and counted, so that
// a frame that was forgotten shows.

#include <cstddef>
#include <cstdint>

#include "piccolo/core/block_pool.hpp"

namespace piccolo::frame_pool {

namespace detail {

extern constinit thread_local std::int64_t live;

}  // namespace detail

// `bytes` > 0. Throws std::bad_alloc.
inline void* allocate(std::size_t bytes) {
  void* const block = block_pool::allocate(bytes);
  ++detail::live;
  return block;
}

inline void deallocate(void* memory, std::size_t bytes) noexcept {
  --detail::live;
  block_pool::deallocate(memory, bytes);
}

// Blocks handed out and not yet returned on the calling thread. A block that was allocated on one
// thread and freed on another counts on both, so compare only where a world stays on its thread.
inline std::int64_t live_blocks() noexcept { return detail::live; }

}  // namespace piccolo::frame_pool
