#include "piccolo/core/byte_buffer.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/node/parts.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo {

Task<void> echo_connection(Env& env, Stream stream, NodeState& node) {
  const Endpoint peer = stream.remote_endpoint();
  const Duration patience = node.config.timing.idle_timeout;
  const ByteBuffer memory(node.config.limits.buffer_bytes);
  const std::span<std::byte> buffer = memory.bytes();
  for (;;) {
    const auto got = co_await with_timeout(env.clock, patience, stream.read_some(buffer));
    if (!got) {
      env.log.debug("Read from [{}] failed: {}", peer, in_words(got.error()));
      co_return;
    }
    env.log.debug("Read [{}] bytes from [{}]", *got, peer);
    if (*got == 0) break;
    env.log.debug("Writing [{}] bytes to [{}]", *got, peer);
    const std::span<const std::byte> chunk = buffer.first(*got);
    const auto written = co_await with_timeout(env.clock, patience, write_all(stream, chunk));
    if (!written) {
      env.log.debug("Write to [{}] failed: {}", peer, in_words(written.error()));
      co_return;
    }
  }
  env.log.debug("HUP from [{}]", peer);
}

}  // namespace piccolo
