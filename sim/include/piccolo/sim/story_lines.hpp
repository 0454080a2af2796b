#pragma once

// Puts a run into lines as it goes on; what becomes of them is for whoever derives.

#include <optional>
#include <string>
#include <string_view>

#include "piccolo/sim/recorded_line.hpp"
#include "piccolo/sim/run_observer.hpp"

namespace piccolo::sim {

class StoryLines : public RunObserver {
 public:
  explicit StoryLines(LogLevel level) noexcept : level_(level) {}

  LogLevel level() const noexcept final { return level_; }
  // Whoever overrides it calls it.
  void follow(World& world) override { world_ = &world; }
  void note(std::string_view text) final;
  void process_started(ProcessId process) final;
  void process_ended(ProcessId process, bool killed) final;
  void listening(ProcessId process, const Endpoint& local) final;
  void connecting(ProcessId process, const Endpoint& remote) final;
  void connect_failed(ProcessId process, const Endpoint& remote, const std::error_code& code) final;
  void connected(const StreamEnd& end) final;
  void accepted(const StreamEnd& end) final;
  void read(const StreamEnd& end, std::span<const std::byte> bytes) final;
  void wrote(const StreamEnd& end, std::span<const std::byte> bytes) final;
  void stream_failed(const StreamEnd& end, const std::error_code& code) final;
  void closed(const StreamEnd& end) final;
  void datagram_sent(ProcessId process, const Endpoint& from, const Endpoint& to,
                     std::span<const std::byte> bytes) final;
  void datagram_received(ProcessId process, const Endpoint& from, const Endpoint& to,
                         std::span<const std::byte> bytes) final;
  void logged(ProcessId process, LogLevel level, std::string_view text) final;

 protected:
  virtual void line(RecordedLine line) = 0;
  World& world() const noexcept { return *world_; }

 private:
  void tell(LineKind kind, std::optional<ProcessId> process, std::string text);
  void tell(LineKind kind, const StreamEnd& end, std::string text);
  std::uint64_t last_event() const noexcept;

  LogLevel level_;
  World* world_ = nullptr;
};

}  // namespace piccolo::sim
