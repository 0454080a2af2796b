#pragma once

// Room for the one handler that Asio keeps for us at a time, so that waiting allocates nothing.
// Asio's own recycling works only inside its handlers, and fibers run outside of them.

#include <cstddef>
#include <new>

namespace piccolo::real {

class HandlerMemory {
 public:
  HandlerMemory() noexcept = default;
  HandlerMemory(const HandlerMemory&) = delete;
  HandlerMemory& operator=(const HandlerMemory&) = delete;

  void* allocate(std::size_t bytes) {
    if (taken_ || bytes > sizeof room_) return ::operator new(bytes);
    taken_ = true;
    return room_;
  }
  void deallocate(void* memory) noexcept {
    if (memory == room_) {
      taken_ = false;
    } else {
      ::operator delete(memory);
    }
  }

 private:
  alignas(std::max_align_t) std::byte room_[160]{};
  bool taken_ = false;
};

template <class T>
class HandlerAllocator {
 public:
  using value_type = T;

  explicit HandlerAllocator(HandlerMemory& memory) noexcept : memory_(&memory) {}
  template <class U>
  // NOLINTNEXTLINE(google-explicit-constructor): allocators convert implicitly by definition
  HandlerAllocator(const HandlerAllocator<U>& other) noexcept : memory_(other.memory_) {}

  T* allocate(std::size_t count) { return static_cast<T*>(memory_->allocate(count * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { memory_->deallocate(memory); }

  friend bool operator==(const HandlerAllocator& a, const HandlerAllocator& b) noexcept {
    return a.memory_ == b.memory_;
  }

 private:
  template <class U>
  friend class HandlerAllocator;
  HandlerMemory* memory_;
};

}  // namespace piccolo::real
