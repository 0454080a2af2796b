#pragma once

// What the workloads say to each other: messages of 64 bytes, and their echo.

#include <array>
#include <cstddef>

#include "piccolo/core/stream.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::bench {

using Message = std::array<std::byte, 64>;

// Until the peer hangs up, or fails.
Task<void> echo(Stream stream);

}  // namespace piccolo::bench
