#include "piccolo/core/block_pool.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstring>
#include <list>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "piccolo/core/byte_buffer.hpp"

using namespace piccolo;

TEST_CASE("block pool: a block that was given back is the next of its size") {
  for (const std::size_t bytes : {1U, 64U, 65U, 4096U, 16'384U}) {
    void* const first = block_pool::allocate(bytes);
    void* const second = block_pool::allocate(bytes);
    CHECK(first != second);
    block_pool::deallocate(first, bytes);
    if (block_pool::recycling) {
      void* const third = block_pool::allocate(bytes);
      CHECK(third == first);
      block_pool::deallocate(third, bytes);
    }
    block_pool::deallocate(second, bytes);
  }
}

TEST_CASE("block pool: a block has room for the largest of its class, which may be the next") {
  constexpr std::size_t smallest = 15'041;  // of a class that hardly anything else has
  constexpr std::size_t largest = 15'104;
  void* const block = block_pool::allocate(smallest);
  if (block_pool::recycling) {
    CHECK(::malloc_usable_size(block) >= largest);
    block_pool::deallocate(block, smallest);
    void* const next = block_pool::allocate(largest);
    CHECK(next == block);
    block_pool::deallocate(next, largest);
  } else {
    block_pool::deallocate(block, smallest);
  }
}

TEST_CASE("block pool: one larger than all classes comes from the system, and goes there") {
  void* const block = block_pool::allocate(100'000);
  std::memset(block, 1, 100'000);
  block_pool::deallocate(block, 100'000);
}

TEST_CASE("block pool: containers live in it") {
  std::vector<int, block_pool::Allocator<int>> numbers;
  for (int number = 0; number < 10'000; ++number) numbers.push_back(number);
  std::list<int, block_pool::Allocator<int>> list(numbers.begin(), numbers.end());
  CHECK(std::equal(numbers.begin(), numbers.end(), list.begin(), list.end()));
  const auto copy = numbers;
  CHECK(copy.size() == 10'000);
  CHECK(block_pool::Allocator<int>() == block_pool::Allocator<char>());
}

TEST_CASE("byte buffer: it moves, and is empty then") {
  ByteBuffer first(100);
  CHECK(first.size() == 100);
  CHECK(first.bytes().size() == 100);
  std::ranges::fill(first.bytes(), std::byte{7});
  const std::byte* const where = first.data();
  ByteBuffer second(std::move(first));
  CHECK(second.data() == where);
  CHECK(second.bytes()[99] == std::byte{7});
  ByteBuffer third;
  CHECK(third.size() == 0);
  CHECK(third.data() == nullptr);
  third = std::move(second);
  CHECK(third.data() == where);
  CHECK(ByteBuffer(0).data() == nullptr);
}
