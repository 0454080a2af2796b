#include "piccolo/core/endpoint.hpp"

#include <fmt/format.h>

#include "property.hpp"

using namespace piccolo;

namespace {

Address address(std::string_view text) {
  const auto result = Address::parse(text);
  INFO("parsing " << text);
  REQUIRE(result.has_value());
  return *result;
}

template <class T>
bool rejects(std::string_view text) {
  const auto result = T::parse(text);
  return !result && result.error() == std::errc::invalid_argument;
}

Address any_address() {
  if (*rc::gen::arbitrary<bool>()) {
    return Address::v4_bytes(*rc::gen::arbitrary<std::array<std::uint8_t, 4>>());
  }
  auto bytes = *rc::gen::arbitrary<std::array<std::uint8_t, 16>>();
  // Runs of zeros are what the shortened spelling is about.
  const auto zeros = *rc::gen::inRange<std::size_t>(0, 17);
  for (std::size_t at = 0; at < zeros; ++at) bytes[at] = 0;
  return Address::v6_bytes(bytes);
}

}  // namespace

TEST_CASE("address: both families are read and printed") {
  CHECK(address("10.0.0.1") == Address::v4(10, 0, 0, 1));
  CHECK(address("::1") == Address::loopback(Address::Family::v6));
  CHECK(address("::").is_unspecified());
  CHECK(address("0.0.0.0").is_unspecified());
  CHECK(address("FE80::1").to_string() == "fe80::1");
  CHECK(address("1:0:0:0:0:0:0:8").to_string() == "1::8");
  CHECK(address("255.255.255.255").to_string() == "255.255.255.255");
}

TEST_CASE("address: names, brackets, zones and halves are rejected") {
  const auto text =
      GENERATE(as<std::string>(), "", "localhost", "[::1]", "fe80::1%eth0", "1.2.3", "1.2.3.4.5",
               "256.1.1.1", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\n", ":", ":::", "1::2::3",
               "12345::", "0x7f.0.0.1", "127.1", "::ffff:1.2.3", "1.2.3.4:80", "-1.2.3.4");
  INFO(text);
  CHECK(rejects<Address>(text));
  CHECK(rejects<Address>(std::string_view("1.2.3.4\0x", 9)));
}

TEST_CASE("address: loopback is all of 127.0.0.0/8, and ::1 alone") {
  CHECK(address("127.0.0.1").is_loopback());
  CHECK(address("127.255.3.4").is_loopback());
  CHECK(address("::1").is_loopback());
  CHECK_FALSE(address("128.0.0.1").is_loopback());
  CHECK_FALSE(address("::2").is_loopback());
  CHECK_FALSE(address("::").is_loopback());
}

TEST_CASE("address: an IPv4 address in IPv6 clothes equals it once canonical") {
  CHECK(address("::ffff:10.1.2.3") != address("10.1.2.3"));
  CHECK(address("::ffff:10.1.2.3").canonical() == address("10.1.2.3"));
  CHECK(address("::ffff:10.1.2.3").to_string() == "::ffff:10.1.2.3");
  CHECK(address("::fffe:10.1.2.3").canonical() == address("::fffe:10.1.2.3"));
  CHECK(address("::10.1.2.3").canonical() == address("::10.1.2.3"));
  CHECK(Endpoint(address("::ffff:1.2.3.4"), 5).canonical() == Endpoint(address("1.2.3.4"), 5));
}

TEST_CASE("address: order and equality know the family") {
  CHECK(Address::any(Address::Family::v4) != Address::any(Address::Family::v6));
  CHECK(address("1.2.3.4") < address("1.2.3.5"));
  CHECK(address("9.9.9.9") < address("::"));
  CHECK(Endpoint(address("1.2.3.4"), 1) < Endpoint(address("1.2.3.4"), 2));
}

TEST_CASE("endpoint: an address and a port, IPv6 in brackets") {
  CHECK(Endpoint::parse("127.0.0.1:19919") == Endpoint(Address::v4(127, 0, 0, 1), 19919));
  CHECK(Endpoint::parse("[::1]:80") == Endpoint(address("::1"), 80));
  CHECK(Endpoint::parse("0.0.0.0:0") == Endpoint());
  CHECK(Endpoint(address("::1"), 65535).to_string() == "[::1]:65535");
}

TEST_CASE("endpoint: ugly spellings are rejected") {
  const auto text = GENERATE(
      as<std::string>(), "", ":", ":80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
      "127.0.0.1:080", "127.0.0.1:+1", "127.0.0.1:-1", "127.0.0.1: 1", "127.0.0.1:1 ", "::1:80",
      "[::1]", "[::1]80", "[::1]:", "[::1:80", "::1]:80", "[127.0.0.1]:80", "localhost:80", "[]:80",
      "[[::1]]:80", "127.0.0.1:8a", "127.0.0.1:99999999999999999999");
  INFO(text);
  CHECK(rejects<Endpoint>(text));
}

TEST_CASE("host and port: addresses and names as a person writes them") {
  CHECK(HostPort::parse("localhost:19919") == HostPort("localhost", 19919));
  CHECK(HostPort::parse("a-b.example.org:1") == HostPort("a-b.example.org", 1));
  CHECK(HostPort::parse("my_host:65535") == HostPort("my_host", 65535));
  CHECK(HostPort::parse("[::1]:80") == HostPort("::1", 80));
  CHECK(HostPort::parse("10.0.0.1:80") == HostPort("10.0.0.1", 80));
}

TEST_CASE("host and port: ugly spellings are rejected") {
  const auto text =
      GENERATE(as<std::string>(), "", "localhost", "localhost:", "localhost:0", "localhost:65536",
               "localhost:00080", "local host:80", ":80", "[localhost]:80", "::1:80", "1.2.3:80",
               "1.2.3.4.5:80", "256.0.0.1:80", "12345:80", "host:80:90", "http://host:80",
               "höst:80", "host\n:80", "[::1%lo]:80", ".:1");
  INFO(text);
  CHECK(rejects<HostPort>(text));
  CHECK(rejects<HostPort>(std::string_view("ho\0st:80", 8)));
  CHECK(rejects<HostPort>(std::string(254, 'a') + ":80"));
  CHECK(HostPort::parse(std::string(253, 'a') + ":80").has_value());
}

TEST_CASE("endpoint: fmt prints what to_string gives") {
  CHECK(fmt::format("{}", Address::v4(1, 2, 3, 4)) == "1.2.3.4");
  CHECK(fmt::format("<{}>", Endpoint(address("::1"), 80)) == "<[::1]:80>");
  CHECK(fmt::format("{}", HostPort("::1", 80)) == "[::1]:80");
}

TEST_CASE("endpoint: printing and reading are inverse") {
  rc::prop("addresses", [] {
    const Address value = any_address();
    RC_ASSERT(Address::parse(value.to_string()).value() == value);
    RC_ASSERT(value.canonical().canonical() == value.canonical());
  });
  rc::prop("endpoints", [](std::uint16_t port) {
    const Endpoint value(any_address(), port);
    RC_ASSERT(Endpoint::parse(value.to_string()).value() == value);
  });
  rc::prop("hosts and ports", [] {
    const auto port = *rc::gen::inRange<std::uint16_t>(1, 65535);
    const auto letter = rc::gen::elementOf(std::string("abcxyzABC-_.019"));
    const auto name = *rc::gen::container<std::string>(letter);
    const HostPort named("n" + name, port);
    RC_ASSERT(HostPort::parse(named.to_string()).value() == named);
    const HostPort numbered(any_address().to_string(), port);
    RC_ASSERT(HostPort::parse(numbered.to_string()).value() == numbered);
  });
  rc::prop("whatever is read prints as something that reads the same", [](const std::string& text) {
    if (const auto endpoint = Endpoint::parse(text)) {
      RC_ASSERT(Endpoint::parse(endpoint->to_string()).value() == *endpoint);
    }
    if (const auto host = HostPort::parse(text)) {
      RC_ASSERT(HostPort::parse(host->to_string()).value() == *host);
    }
  });
}
