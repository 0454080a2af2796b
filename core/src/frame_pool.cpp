#include "piccolo/core/frame_pool.hpp"

#include <new>

namespace piccolo::frame_pool {
namespace {

using detail::FreeBlock;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool recycling = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool recycling = false;
#else
constexpr bool recycling = true;
#endif
#else
constexpr bool recycling = true;
#endif

// Gives back what the pool of an ending thread has.
struct Cleaner {
  Cleaner() = default;
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;
  ~Cleaner() {
    for (FreeBlock*& head : detail::pool.free) {
      while (head != nullptr) {
        FreeBlock* const block = head;
        head = block->next;
        ::operator delete(block);
      }
    }
  }
  void wake() const noexcept {}
};

thread_local const Cleaner cleaner;

}  // namespace

constinit thread_local detail::Pool detail::pool;

void* detail::allocate_anew(std::size_t bytes) {
  cleaner.wake();
  const std::size_t index = class_of(bytes);
  const bool fits = recycling && index < classes;
  void* const memory = ::operator new(fits ? (index + 1) * granule : bytes);
  ++pool.live;
  return memory;
}

void deallocate(void* memory, std::size_t bytes) noexcept {
  --detail::pool.live;
  const std::size_t index = detail::class_of(bytes);
  if (!recycling || index >= detail::classes) return ::operator delete(memory);
  detail::pool.free[index] = new (memory) FreeBlock{detail::pool.free[index]};
}

std::int64_t live_blocks() noexcept { return detail::pool.live; }

}  // namespace piccolo::frame_pool
