#pragma once

// Whole-buffer reads and writes over a stream. The stream and the buffer outlive the task.

#include <cstddef>
#include <span>

#include "piccolo/core/stream.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo {

// Fills the buffer. `end_of_stream` when the peer ends before that; otherwise as `read_some`.
Task<Result<void>> read_exactly(Stream& stream, std::span<std::byte> buffer);

// Writes everything; as `write_some` otherwise. On failure some of the data may have been sent.
Task<Result<void>> write_all(Stream& stream, std::span<const std::byte> data);

}  // namespace piccolo
