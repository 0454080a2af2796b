// What the hash of a trace tells apart. That equal runs have equal hashes is determinism's affair.

#include <set>
#include <string>
#include <vector>

#include "catch.hpp"
#include "piccolo/net_sim/trace.hpp"

namespace piccolo::test {
namespace {

struct Record {
  std::uint64_t at = 0;
  std::uint64_t kind = 0;
  std::uint64_t subject = 0;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t c = 0;
};

std::uint64_t hash_of(const std::vector<Record>& records) {
  Trace trace;
  for (const Record& each : records) {
    trace.record(TimePoint(Duration(static_cast<std::int64_t>(each.at))),
                 static_cast<EventKind>(each.kind), each.subject, each.a, each.b, each.c);
  }
  return trace.hash();
}

TEST_CASE("each bit of each field of an event changes the hash, also where all else is zero") {
  const Record typical{1'234'567, 14, 0x9fd2, 3, 64, 17};
  for (const Record& base : {Record(), typical}) {
    std::set<std::uint64_t> hashes{hash_of({base})};
    std::size_t count = 1;
    const auto flip = [&](std::uint64_t Record::* field, unsigned bits) {
      for (unsigned bit = 0; bit < bits; ++bit, ++count) {
        Record other = base;
        other.*field ^= std::uint64_t{1} << bit;
        hashes.insert(hash_of({other}));
      }
    };
    flip(&Record::at, 56);
    flip(&Record::kind, 4);
    for (const auto field : {&Record::subject, &Record::a, &Record::b, &Record::c}) flip(field, 64);
    CHECK(hashes.size() == count);
  }
}

TEST_CASE("small fields are not taken for each other") {
  std::set<std::uint64_t> hashes;
  for (std::uint64_t fields = 0; fields < 4096; ++fields) {
    const auto field = [&](unsigned at) { return (fields >> (2 * at)) & 3U; };
    hashes.insert(hash_of({{field(0), field(1), field(2), field(3), field(4), field(5)}}));
  }
  CHECK(hashes.size() == 4096);
}

TEST_CASE("the order of events changes the hash, and so does their number") {
  const Record one{1, 2, 3, 4, 5, 6};
  const Record other{1, 2, 3, 4, 5, 7};
  const std::set<std::uint64_t> hashes{
      hash_of({}),           hash_of({one}),          hash_of({one, one}), hash_of({one, other}),
      hash_of({other, one}), hash_of({other, other}), hash_of({{}}),       hash_of({{}, {}})};
  CHECK(hashes.size() == 8);
}

TEST_CASE("each bit of a payload changes its hash, and so does its length") {
  for (std::size_t length = 1; length < 70; ++length) {
    std::vector<std::byte> payload(length);
    std::set<std::uint64_t> hashes{hash_bytes(payload)};
    for (std::size_t bit = 0; bit < 8 * length; ++bit) {
      const std::byte mask{static_cast<unsigned char>(1U << (bit % 8))};
      payload[bit / 8] ^= mask;
      hashes.insert(hash_bytes(payload));
      payload[bit / 8] ^= mask;
    }
    INFO(length);
    CHECK(hashes.size() == 8 * length + 1);
  }
  const std::vector<std::byte> zeros(100);
  std::set<std::uint64_t> lengths;
  for (std::size_t length = 0; length <= 100; ++length) {
    lengths.insert(hash_bytes(std::span(zeros).first(length)));
  }
  CHECK(lengths.size() == 101);
}

}  // namespace
}  // namespace piccolo::test
