// The ring of bytes against the simplest thing that does the same: all bytes ever appended.

#include "byte_ring.hpp"

#include "property.hpp"

namespace piccolo::test {
namespace {

std::byte nth_byte(std::uint64_t offset) {
  return static_cast<std::byte>(offset * 131 + offset / 256);
}

TEST_CASE("a ring gives back at each offset what was appended there") {
  rc::prop("whatever the order of appending, reading and discarding", [] {
    ByteRing ring;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 3), rc::gen::inRange(0, 700)));
    for (const auto& [what, amount] : steps) {
      const auto wanted = static_cast<std::uint64_t>(amount);
      const std::uint64_t held = ring.end() - ring.begin();
      if (what == 0) {
        std::vector<std::byte> bytes;
        for (std::uint64_t at = 0; at < wanted; ++at) bytes.push_back(nth_byte(ring.end() + at));
        const std::uint64_t before = ring.end();
        ring.append(bytes);
        RC_ASSERT(ring.end() == before + wanted);
      } else if (what == 1) {
        const std::uint64_t from = ring.begin() + std::min(wanted / 2, held);
        std::vector<std::byte> bytes(std::min(wanted, ring.end() - from));
        ring.copy_out(from, bytes);
        for (std::uint64_t at = 0; at < bytes.size(); ++at)
          RC_ASSERT(bytes[at] == nth_byte(from + at));
      } else {
        const std::uint64_t to = ring.begin() + wanted;
        ring.discard_before(to);
        RC_ASSERT(ring.begin() == std::min(to, ring.end()));
      }
    }
    std::vector<std::byte> rest(ring.end() - ring.begin());
    ring.copy_out(ring.begin(), rest);
    for (std::uint64_t at = 0; at < rest.size(); ++at) {
      RC_ASSERT(rest[at] == nth_byte(ring.begin() + at));
    }
  });
}

TEST_CASE("discarding backwards changes nothing") {
  ByteRing ring;
  const std::vector<std::byte> bytes(10, std::byte{7});
  ring.append(bytes);
  ring.discard_before(5);
  ring.discard_before(3);
  CHECK(ring.begin() == 5);
  CHECK(ring.end() == 10);
}

}  // namespace
}  // namespace piccolo::test
