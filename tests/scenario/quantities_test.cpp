#include "quantities.hpp"

#include "property.hpp"

using namespace piccolo;

TEST_CASE("quantities: percentages are parts per million, and nothing finer or more") {
  CHECK(parse_percentage("0") == 0U);
  CHECK(parse_percentage("0.1") == 1'000U);
  CHECK(parse_percentage("0.0001") == 1U);
  CHECK(parse_percentage("12.50") == 125'000U);
  CHECK(parse_percentage("100") == 1'000'000U);
  CHECK(parse_percentage("100.0000") == 1'000'000U);
  for (const char* text :
       {"", ".", "1.", ".5", "-1", "+1", " 1", "1 ", "0.00001", "100.0001", "101", "1e1", "0x1",
        "99999999999999999999", "1.0000000000", "1,5", "\xD9\xA1"}) {
    INFO(text);
    CHECK_FALSE(parse_percentage(text).has_value());
  }
}

TEST_CASE("quantities: sizes have a unit and are whole bytes") {
  CHECK(parse_size("0B") == 0U);
  CHECK(parse_size("1B") == 1U);
  CHECK(parse_size("3kB") == 3'000U);
  CHECK(parse_size("1.5MB") == 1'500'000U);
  CHECK(parse_size("2GB") == 2'000'000'000U);
  CHECK(parse_size("256KiB") == 262'144U);
  CHECK(parse_size("0.5MiB") == 524'288U);
  CHECK(parse_size("1GiB") == 1'073'741'824U);
  CHECK(parse_size("9223372036854775807B") == 9'223'372'036'854'775'807U);
  for (const char* text : {"", "B", "1", "1.B", "0.5B", "1.0001kB", "-1B", "1 kB", "1KB", "1kb",
                           "1TB", "9223372036854775808B", "9999999999999999999GiB", "1kB/s"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("quantities: what is printed reads back") {
  rc::prop("percentages", [] {
    const auto ppm = *rc::gen::inRange<std::uint32_t>(0, 1'000'001);
    RC_ASSERT(parse_percentage(format_percentage(ppm)) == ppm);
  });
  rc::prop("sizes", [] {
    const std::uint64_t unit = *rc::gen::element<std::uint64_t>(1, 1000, 1024, 1 << 20, 1'000'000);
    const auto bytes = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 40U) * unit;
    RC_ASSERT(parse_size(format_size(bytes)) == bytes);
  });
  CHECK(format_size(0) == "0B");
  CHECK(format_size(262'144) == "256KiB");
  CHECK(format_size(1'000'000) == "1MB");
  CHECK(format_percentage(1) == "0.0001");
  CHECK(format_percentage(1'010'000 / 10) == "10.1");
}
