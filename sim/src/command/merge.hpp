#pragma once

// The logs of a campaign's shards put together: the result is that of the campaign in one piece,
// however many shards there were.

#include <span>
#include <string>

#include "report.hpp"

namespace piccolo::sim {

// Throws UsageError when a file is no log, is that of a shard that did not end, or of another
// campaign; when a shard is missing, or is there twice. The memory that it takes does not grow with
// the number of failures.
Report merge_logs(std::span<const std::string> paths);

}  // namespace piccolo::sim
