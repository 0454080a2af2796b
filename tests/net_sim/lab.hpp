#pragma once

// A world of a few hosts, 100 us apart, for tests that know to the nanosecond when what happens.

#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "conformance/talk.hpp"
#include "piccolo/net_sim/world.hpp"

namespace piccolo::test {

using conformance::outcome;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

using Lines = std::vector<std::string>;

// What happened and when: "200us connected".
class Diary {
 public:
  void note(Env& env, std::string_view what);
  const Lines& lines() const noexcept { return lines_; }

 private:
  Lines lines_;
};

class Lab {
 public:
  explicit Lab(const WorldOptions& options = WorldOptions(), std::uint64_t seed = 1);

  // Adds a process and starts it. A script is a coroutine without captures.
  using Script = Task<void> (*)(Env& env, Lab* lab);
  ProcessId run(HostId host, Program program);
  ProcessId run(HostId host, Script script);
  // Everything there is to happen; fails the test when the world does.
  void finish();
  void run_for(Duration duration);
  Endpoint at_server(std::uint16_t port = 80) const;

  World world;
  HostId client;
  HostId server;
  Diary diary;
};

TimePoint at(Duration since_start);

// Programs. The lab outlives them.
// Connects, notes the outcome, and keeps the stream for `hold`.
Task<void> connects(Env& env, Lab* lab, Duration hold = Duration(0), std::uint16_t port = 80);
// Listens and accepts for ever; keeps every stream and does nothing with it.
Task<void> keeps(Env& env, Lab* lab, int backlog = 1024, std::uint16_t port = 80);
// Listens, accepts for ever, and echoes what it reads.
Task<void> echoes(Env& env, Lab* lab, std::uint16_t port = 80);
// Listens, accepts one, and notes every read until the end.
Task<void> reads(Env& env, Lab* lab, std::uint16_t port = 80);

}  // namespace piccolo::test
