#include "piccolo/core/frame_pool.hpp"

#include <array>
#include <new>

namespace piccolo::frame_pool {
namespace {

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

// Classes of 64 bytes up to 2 KiB: every frame of the node and of the tests fits.
constexpr std::size_t granule = 64;
constexpr std::size_t classes = 32;

struct FreeBlock {
  FreeBlock* next;
};

struct Pool {
  std::array<FreeBlock*, classes> free{};
  std::int64_t live = 0;

  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    for (FreeBlock* head : free) {
      while (head != nullptr) {
        FreeBlock* const next = head->next;
        ::operator delete(head);
        head = next;
      }
    }
  }
};

thread_local Pool pool;

std::size_t class_of(std::size_t bytes) noexcept { return (bytes + granule - 1) / granule - 1; }

}  // namespace

void* allocate(std::size_t bytes) {
  const std::size_t index = class_of(bytes);
  if (!recycling || index >= classes) {
    void* const memory = ::operator new(bytes);
    ++pool.live;
    return memory;
  }
  FreeBlock*& head = pool.free[index];
  void* memory = head;
  if (memory != nullptr) {
    head = head->next;
  } else {
    memory = ::operator new((index + 1) * granule);
  }
  ++pool.live;
  return memory;
}

void deallocate(void* memory, std::size_t bytes) noexcept {
  --pool.live;
  const std::size_t index = class_of(bytes);
  if (!recycling || index >= classes) {
    ::operator delete(memory);
    return;
  }
  pool.free[index] = new (memory) FreeBlock{pool.free[index]};
}

std::int64_t live_blocks() noexcept { return pool.live; }

}  // namespace piccolo::frame_pool
