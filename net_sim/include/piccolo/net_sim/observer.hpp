#pragma once

// What a test or an invariant sees of a world: what the nodes did at the boundary between program
// and kernel, and what was done to them. Called synchronously, in the order of the trace; an
// observer must not change the world, except by `World::report_failure`.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/logger.hpp"

namespace piccolo {

using HostId = std::uint32_t;
using ProcessId = std::uint32_t;
using ConnectionId = std::uint64_t;

enum class Role : std::uint8_t { client, server };

// One end of a stream, as its process holds it.
struct StreamEnd {
  ConnectionId connection = 0;
  Role role = Role::client;
  ProcessId process = 0;
  Endpoint local;
  Endpoint remote;
};

class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  virtual void process_started(ProcessId) {}
  // `killed`: from outside, without warning.
  virtual void process_ended(ProcessId, bool /*killed*/) {}
  virtual void listening(ProcessId, const Endpoint&) {}
  virtual void connecting(ProcessId, const Endpoint& /*remote*/) {}
  virtual void connect_failed(ProcessId, const Endpoint& /*remote*/, const std::error_code&) {}
  virtual void connected(const StreamEnd&) {}
  virtual void accepted(const StreamEnd&) {}
  // Empty: the peer ended its direction.
  virtual void read(const StreamEnd&, std::span<const std::byte>) {}
  virtual void wrote(const StreamEnd&, std::span<const std::byte>) {}
  virtual void stream_failed(const StreamEnd&, const std::error_code&) {}
  // By the program, or by the kernel on behalf of a killed one.
  virtual void closed(const StreamEnd&) {}
  // What left, or what the program got: less than was sent when its buffer was too small.
  virtual void datagram_sent(ProcessId, const Endpoint& /*from*/, const Endpoint& /*to*/,
                             std::span<const std::byte>) {}
  virtual void datagram_received(ProcessId, const Endpoint& /*from*/, const Endpoint& /*to*/,
                                 std::span<const std::byte>) {}
  virtual void logged(ProcessId, LogLevel, std::string_view) {}
  // A `buggify` of the process's code was true; its code reached a `sometimes`.
  virtual void buggified(ProcessId, std::string_view /*site*/) {}
  virtual void reached(ProcessId, std::string_view /*name*/) {}
  // All that an event led to at its moment is done, and some program ran or was done something to.
  virtual void settled() {}
};

}  // namespace piccolo
