#pragma once

// The real world: the environment over the operating system's sockets, clocks and threads.
//
//   RealWorld world{RealOptions()};
//   world.start(0, [](Env& env) { return my_program(env); });
//   world.run();
//
// Each loop is one thread with an environment of its own; node code is single-threaded in it.
// What is said of threads below is all that may be called from elsewhere.

#include <functional>
#include <memory>
#include <string>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo {

struct RealOptions {
  unsigned threads = 1;
  LogLevel log_level = LogLevel::debug;
  bool handle_signals = true;    // SIGINT and SIGTERM, from construction to destruction
  std::string name = "piccolo";  // in log lines; further loops are called name/1, name/2, ...
};

class RealWorld {
 public:
  using Program = std::function<Task<void>(Env&)>;

  explicit RealWorld(const RealOptions& options);
  ~RealWorld();
  RealWorld(const RealWorld&) = delete;
  RealWorld& operator=(const RealWorld&) = delete;

  unsigned loops() const noexcept;
  // To be used on the loop's own thread, or while `run` is not running.
  Env& env(unsigned loop) noexcept;

  // From any thread, before or during `run`: the program is built and runs on the loop's thread.
  void start(unsigned loop, Program program);

  // On the loop's thread: one more listener on a port that this world listens on already. All of
  // them take connections from one queue. (SO_REUSEPORT would give each a queue of its own, but
  // also let two processes share a port unawares, which breaks the search for a free port.)
  // `address_not_available` when nobody listens there.
  Result<Listener> share_listener(unsigned loop, const Endpoint& local);

  // Runs the loops until the programs of loop 0 have ended; those of other loops are canceled then,
  // and waited for. The first SIGINT or SIGTERM cancels all programs and waits for them; a second
  // one destroys them where they stand. Loop 0 runs on the calling thread. Rethrows the first
  // exception of a program, after all have ended. May be called again.
  void run();

  // From any thread, while `run` runs: as the first signal does.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace piccolo
