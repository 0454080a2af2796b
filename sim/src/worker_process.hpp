#pragma once

// A worker process as its campaign sees it.

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "worker_descriptor.hpp"
#include "worker_loop.hpp"
#include "worker_protocol.hpp"

namespace piccolo::sim {

class WorkerProcess {
 public:
  // Forks. `slot` is of a board that both processes see. Throws `std::system_error`.
  // `in_child` is called there first. What the process has in buffered streams is written out, or
  // the child might do it again.
  WorkerProcess(const WorkerTask& task, WorkerSlot& slot, const std::function<void()>& in_child);
  // Kills the process if it still runs, and takes note of its end: no zombie is left.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // To poll for reading.
  int replies() const noexcept { return socket_.get(); }
  int errors() const noexcept { return errors_.get(); }
  // In a process that was forked later: these are not for it.
  void close_descriptors() noexcept;

  // A worker that is gone is not told; it is found out elsewhere.
  void send(const LeaseMessage& lease);
  // Takes what has come, without waiting.
  void receive_replies();
  void receive_errors();
  // The next complete reply. The text is valid until the next `receive_replies`.
  struct Received {
    ReplyHeader header;
    std::string_view text;
  };
  std::optional<Received> next_reply();

  // The last 64 KiB at most that it wrote to standard error since it was asked last.
  std::string take_errors() { return std::exchange(written_, {}); }

  // Has it ended, or closed its socket? `status` is that of `waitpid`.
  bool dead();
  int status() const noexcept { return status_; }
  void signal(int number) noexcept;

 private:
  [[noreturn]] void be_the_worker(const WorkerTask& task, WorkerSlot& slot,
                                  const Descriptor& socket, const Descriptor& errors);
  void reap(int options) noexcept;

  pid_t process_ = -1;  // -1: it is gone
  int status_ = 0;
  bool hung_up_ = false;  // the socket
  Descriptor socket_;
  Descriptor errors_;
  std::string received_;
  std::size_t taken_ = 0;  // of `received_`
  std::string written_;
};

}  // namespace piccolo::sim
