#include "scrambled_heap.hpp"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace piccolo::determinism {
namespace {

std::atomic<std::uint8_t> salt_now{0};
std::atomic<std::uint32_t> allocations{0};

}  // namespace

void scramble_heap(std::uint8_t salt) noexcept { salt_now = salt; }

// Sizes that vary go to other places of the C library's heap.
[[maybe_unused]] static void* allocate(std::size_t bytes) noexcept {
  const std::uint8_t salt = salt_now.load(std::memory_order_relaxed);
  const std::uint32_t number = allocations.fetch_add(1, std::memory_order_relaxed);
  void* const memory = std::malloc(bytes + (number * salt % 7U) * 48U + 1U);
  if (memory != nullptr) std::memset(memory, salt, bytes);
  return memory;
}

}  // namespace piccolo::determinism

#ifndef PICCOLO_SANITIZED

void* operator new(std::size_t bytes) {
  void* const memory = piccolo::determinism::allocate(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif
