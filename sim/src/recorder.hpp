#pragma once

// Fills a recording while a run goes on.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "piccolo/sim/recording.hpp"
#include "piccolo/sim/run_observer.hpp"

namespace piccolo::sim {

class Recorder final : public RunObserver, public TraceSink, public PacketTap {
 public:
  // Both must outlive it.
  Recorder(Recording& recording, LogLevel level, const RecordLimits& limits)
      : recording_(recording), level_(level), limits_(limits) {}

  // ---- RunObserver ----
  LogLevel level() const noexcept override { return level_; }
  void follow(World& world) override;
  void planned(const FaultPlan& plan, const FaultScene& scene) override;
  void note(std::string_view text) override;
  void process_started(ProcessId process) override;
  void process_ended(ProcessId process, bool killed) override;
  void listening(ProcessId process, const Endpoint& local) override;
  void connecting(ProcessId process, const Endpoint& remote) override;
  void connect_failed(ProcessId process, const Endpoint& remote,
                      const std::error_code& code) override;
  void connected(const StreamEnd& end) override;
  void accepted(const StreamEnd& end) override;
  void read(const StreamEnd& end, std::span<const std::byte> bytes) override;
  void wrote(const StreamEnd& end, std::span<const std::byte> bytes) override;
  void stream_failed(const StreamEnd& end, const std::error_code& code) override;
  void closed(const StreamEnd& end) override;
  void datagram_sent(ProcessId process, const Endpoint& from, const Endpoint& to,
                     std::span<const std::byte> bytes) override;
  void datagram_received(ProcessId process, const Endpoint& from, const Endpoint& to,
                         std::span<const std::byte> bytes) override;
  void logged(ProcessId process, LogLevel level, std::string_view text) override;

  // ---- TraceSink, PacketTap ----
  void recorded(std::uint64_t number, const TraceEvent& event) noexcept override;
  void packet(const PacketView& packet) noexcept override;

 private:
  // What was sent already in one direction of a connection.
  struct Sent {
    bool syn = false;
    std::uint64_t up_to = 0;  // one more with a FIN
  };

  void tell(LineKind kind, std::optional<ProcessId> process, std::string text);
  void tell(LineKind kind, const StreamEnd& end, std::string text);
  void add_line(RecordedLine line);
  void begin(const PacketView& packet);
  void end(const PacketView& packet);
  bool sent_before(const PacketView& packet);

  Recording& recording_;
  LogLevel level_;
  RecordLimits limits_;
  World* world_ = nullptr;
  std::uint64_t last_event_ = 0;
  std::unordered_map<std::uint64_t, std::size_t> under_way_;  // packets, by their ids
  std::unordered_map<std::uint64_t, Sent> sent_;              // by direction
};

}  // namespace piccolo::sim
