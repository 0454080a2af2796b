#pragma once

// One thread's worth of world: an io_context, an executor, and the environment of the node code
// that runs in them.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "piccolo/core/env.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/net_real/real_world.hpp"
#include "real_clock.hpp"
#include "real_network.hpp"
#include "spd_logger.hpp"

namespace piccolo::real {

class Loop {
 public:
  // When a loop ends that nobody stops: `idle`, with its last program; `told`, not at all.
  enum class Until : std::uint8_t { idle, told };

  Loop(const std::string& name, LogLevel level, const LogSink& sink, PortTable& ports,
       Resolver& resolver, std::uint64_t seed);
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Env& env() noexcept { return env_; }
  boost::asio::io_context& io() noexcept { return io_; }
  RealNetwork& network() noexcept { return network_; }

  // From any thread.
  void start(RealWorld::Program program);
  void cancel();  // the programs; the loop ends when they have
  void halt();    // ends at once, destroying the programs
  void wake();

  // On the loop's thread. Returns a program's exception, or null.
  std::exception_ptr run(Until until) noexcept;
  // Between runs: handles one event, such as a signal, or being woken.
  void wait_for_event() { io_.run_one(); }
  // Between runs: forgets that it was stopped.
  void reset() noexcept;

 private:
  struct Inbox {
    std::vector<RealWorld::Program> programs;
    bool cancel = false;
    bool halt = false;
  };

  void take_inbox();
  bool finished(Until until);
  void turn(Until until);

  // The last to go: what the others leave behind lives in it.
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  Executor executor_;
  RealClock clock_;
  RealNetwork network_;
  Random random_;
  SpdLogger logger_;
  Env env_;
  Scope* programs_ = nullptr;  // while it runs
  bool canceled_ = false;
  bool halted_ = false;

  std::mutex mutex_;
  Inbox inbox_;  // guarded by mutex_
};

}  // namespace piccolo::real
