#include "count_allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace piccolo::test {
namespace {

std::atomic<std::uint64_t> count = 0;

}  // namespace

std::uint64_t allocations() noexcept { return count; }

[[maybe_unused]] static void* allocate(std::size_t bytes) {
  ++count;
  void* const memory = std::malloc(bytes);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace piccolo::test

#ifndef PICCOLO_SANITIZED

void* operator new(std::size_t bytes) { return piccolo::test::allocate(bytes); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif
