#pragma once

// What the tests of net_real share.

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "piccolo/core/env.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/task.hpp"
#include "piccolo/core/with_timeout.hpp"
#include "piccolo/net_real/real_world.hpp"

namespace piccolo::test {

using namespace std::chrono_literals;

// No signals, and only errors are logged.
RealOptions quiet(unsigned threads = 1);

// Runs one program in a world of its own. A failed REQUIRE in it fails the test.
void run_real(RealWorld::Program program);

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}
std::string text_of(std::span<const std::byte> bytes);

inline Endpoint any_port() { return Endpoint(Address::loopback(Address::Family::v4), 0); }

// Two ends of one connection.
struct Pair {
  Pair() noexcept {}
  Stream client;
  Stream server;
};
Task<Pair> connect_pair(Env& env);

Task<void> pause(Env& env, Duration time);

// Sends `text` from one end and requires that the other reads it.
Task<void> require_sends(Stream& from, Stream& to, std::string text);

// Writes until nothing is taken any more; gives the number of bytes.
Task<std::size_t> fill(Env& env, Stream& stream);

std::size_t open_descriptors();

}  // namespace piccolo::test
