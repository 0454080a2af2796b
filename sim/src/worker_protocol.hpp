#pragma once

// What goes over the socket between a campaign and a worker process. Both are one binary on one
// machine, so structures go as they lie in memory.

#include <cstdint>

namespace piccolo::sim {

// To the worker: seeds to run, by their positions in the campaign.
struct LeaseMessage {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

enum class Reply : std::uint32_t {
  result,        // of a run, by `encode`
  exception,     // that left a run, as text; the worker ends
  bad_argument,  // the same for a `std::invalid_argument`
};

// From the worker: in front of each reply.
struct ReplyHeader {
  Reply kind = Reply::result;
  std::uint32_t bytes = 0;       // that follow
  std::int64_t nanoseconds = 0;  // that the run took, in real time
};

}  // namespace piccolo::sim
