#pragma once

// Events of a trace in words, with the names of hosts and processes.

#include <optional>
#include <string>
#include <unordered_map>

#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

class EventText {
 public:
  // It must outlive this. Who has which connection is learned from all of its events.
  explicit EventText(const Recording& recording);

  // "n1 connects to port 19919, connection 3"; without the time.
  std::string tell(const TraceEvent& event) const;
  // "   1234     2.000513  n1 connects ...", for lists.
  std::string tell_at(std::uint64_t number) const;

 private:
  struct Ends {
    std::optional<std::uint64_t> client;  // processes
    std::optional<std::uint64_t> server;
    std::uint64_t port = 0;
  };

  std::string host(std::uint64_t id) const;
  std::string process(std::uint64_t id) const;
  std::string end_of(std::uint64_t connection, bool server) const;
  std::string on_stream(const TraceEvent& event) const;
  std::string on_datagram(const TraceEvent& event) const;
  std::string of_packet(const TraceEvent& event) const;
  std::string of_fault(const TraceEvent& event) const;
  std::string socket(std::uint64_t id) const;

  const Recording& recording_;
  std::unordered_map<std::uint64_t, Ends> connections_;
  std::unordered_map<std::uint64_t, std::uint64_t> sockets_;  // their processes
};

}  // namespace piccolo::sim
