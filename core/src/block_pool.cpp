#include "piccolo/core/block_pool.hpp"

namespace piccolo::block_pool {
namespace {

using detail::FreeBlock;

// Gives back what the pool of an ending thread has.
struct Cleaner {
  Cleaner() = default;
  Cleaner(const Cleaner&) = delete;
  Cleaner& operator=(const Cleaner&) = delete;
  ~Cleaner() {
    for (FreeBlock*& head : detail::free) {
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

constinit thread_local std::array<detail::FreeBlock*, detail::classes> detail::free{};

void* detail::allocate_anew(std::size_t bytes) {
  cleaner.wake();
  const std::size_t index = class_of(bytes);
  const bool fits = recycling && index < classes;
  return ::operator new(fits ? (index + 1) * granule : bytes);
}

}  // namespace piccolo::block_pool
