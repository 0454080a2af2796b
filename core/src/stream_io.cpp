#include "piccolo/core/stream_io.hpp"

#include "piccolo/core/error.hpp"

namespace piccolo {

Task<Result<void>> read_exactly(Stream& stream, std::span<std::byte> buffer) {
  while (!buffer.empty()) {
    const auto got = co_await stream.read_some(buffer);
    if (!got) co_return failure(got.error());
    if (*got == 0) co_return failure(Errc::end_of_stream);
    buffer = buffer.subspan(*got);
  }
  co_return Result<void>();
}

Task<Result<void>> write_all(Stream& stream, std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto taken = co_await stream.write_some(data);
    if (!taken) co_return failure(taken.error());
    data = data.subspan(*taken);
  }
  co_return Result<void>();
}

}  // namespace piccolo
