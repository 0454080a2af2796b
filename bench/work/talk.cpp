#include "talk.hpp"

#include "piccolo/core/stream_io.hpp"

namespace piccolo::bench {

Task<void> echo(Stream stream) {
  Message buffer{};
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    const auto sent = co_await write_all(stream, std::span(buffer).first(*got));
    if (!sent) co_return;
  }
}

}  // namespace piccolo::bench
