#pragma once

// Recycled memory for what comes and goes all the time: frames, fibers, connections, nodes of
// tables, buffers. One pool per thread; it decides where something lies, never what a program does.
// Under AddressSanitizer it passes through to `operator new`, so that use after free stays visible.

#include <array>
#include <cstddef>
#include <new>

namespace piccolo::block_pool {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool recycling = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr bool recycling = false;
#else
inline constexpr bool recycling = true;
#endif
#else
inline constexpr bool recycling = true;
#endif

namespace detail {

// Classes of 64 bytes up to 16 KiB: every frame of the node and of the tests fits, the buffer of an
// accepted connection, and the inside of a simulated world.
inline constexpr std::size_t granule = 64;
inline constexpr std::size_t classes = 256;

struct FreeBlock {
  FreeBlock* next;
};

// Without a constructor and a destructor, so that reaching it takes no call.
extern constinit thread_local std::array<FreeBlock*, classes> free;

constexpr std::size_t class_of(std::size_t bytes) noexcept { return (bytes - 1) / granule; }
void* allocate_anew(std::size_t bytes);

}  // namespace detail

// `bytes` > 0; not initialised. Throws std::bad_alloc.
inline void* allocate(std::size_t bytes) {
  const std::size_t index = detail::class_of(bytes);
  if (index >= detail::classes || detail::free[index] == nullptr) [[unlikely]] {
    return detail::allocate_anew(bytes);
  }
  detail::FreeBlock* const block = detail::free[index];
  detail::free[index] = block->next;
  return block;
}

// On any thread, which has the block then.
inline void deallocate(void* memory, std::size_t bytes) noexcept {
  const std::size_t index = detail::class_of(bytes);
  if (!recycling || index >= detail::classes) return ::operator delete(memory);
  detail::free[index] = new (memory) detail::FreeBlock{detail::free[index]};
}

// For containers.
template <class T>
struct Allocator {
  using value_type = T;
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

  Allocator() noexcept = default;
  template <class U>
  Allocator(const Allocator<U>&) noexcept {}  // NOLINT(*-explicit-*): containers rebind

  T* allocate(std::size_t count) {
    return static_cast<T*>(block_pool::allocate(count * bytes_each));
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    block_pool::deallocate(static_cast<void*>(memory), count * bytes_each);
  }
  template <class U>
  bool operator==(const Allocator<U>&) const noexcept {
    return true;
  }

 private:
  // Of any T, pointers included.
  static constexpr std::size_t bytes_each = sizeof(T);  // NOLINT(bugprone-sizeof-expression)
};

}  // namespace piccolo::block_pool
