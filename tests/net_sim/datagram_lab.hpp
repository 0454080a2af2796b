#pragma once

// Programs that send and receive datagrams, and write down when.

#include "conformance/datagram_talk.hpp"
#include "lab.hpp"

namespace piccolo::test {

using conformance::bind_or_throw;

// Receives on the server's port for ever; notes each datagram: "[text]", or its size if it is long.
Task<void> collects(Env& env, Lab* lab, DatagramOptions options = DatagramOptions());
// Sends `count` datagrams of `bytes` bytes to the server at once, and one more after `then`.
Task<void> floods(Env& env, Lab* lab, int count, std::size_t bytes, Duration then = Duration(0));
// Sends the numbers from 0 to `count` - 1, `apart`.
Task<void> counts(Env& env, Lab* lab, int count, Duration apart);
// Connects to the server's port; at each of the times, from the start, it sends; notes errors.
Task<void> knocks(Env& env, Lab* lab, std::vector<Duration> times);

// A link of a megabyte per second: a byte takes a microsecond.
LinkOptions slow_link(std::uint64_t bytes_per_second = 1'000'000);
void set_both(Lab& lab, const LinkOptions& options);
// One datagram over `options`, collected.
Lines one_datagram(const LinkOptions& options, std::size_t bytes,
                   Address::Family family = Address::Family::v4);

}  // namespace piccolo::test
