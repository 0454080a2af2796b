#pragma once

// Recycled memory for coroutine frames and fibers. One pool per thread; it decides where a frame
// lies, never what the program does. Under AddressSanitizer it passes through to `operator new`,
// so that use after free stays visible.

#include <cstddef>
#include <cstdint>

namespace piccolo::frame_pool {

void* allocate(std::size_t bytes);
void deallocate(void* memory, std::size_t bytes) noexcept;

// Blocks handed out and not yet returned on the calling thread. A block that was allocated on one
// thread and freed on another counts on both, so compare only where a world stays on its thread.
std::int64_t live_blocks() noexcept;

}  // namespace piccolo::frame_pool
