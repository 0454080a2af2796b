#include <array>
#include <cstring>

#include "piccolo/core/byte_buffer.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/node/parts.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo {
namespace {

Task<void> write_message(Env& env, Stream& stream, std::span<const std::byte> message,
                         Result<void>* outcome) {
  *outcome = co_await write_all(stream, message);
  if (*outcome) env.log.debug("Wrote [{}] bytes to remote connection", message.size());
}

// Sends the message while reading its echo: the message may be larger than all buffers between.
Task<Result<void>> exchange(Env& env, Stream& stream, std::span<const std::byte> message,
                            std::span<std::byte> echo) {
  Result<void> written;
  Scope writer(env.executor);
  writer.spawn(write_message(env, stream, message, &written));
  const auto read = co_await read_exactly(stream, echo);
  if (!read) writer.cancel();
  co_await writer.join();
  if (!read) co_return read;
  if (!written) co_return written;
  if (std::memcmp(message.data(), echo.data(), message.size()) != 0) {
    env.log.error("Echo from [{}] differs from what was sent", stream.remote_endpoint());
    co_return failure(std::errc::bad_message);
  }
  co_return Result<void>();
}

Task<Result<void>> send_messages(Env& env, Stream& stream, const NodeConfig& config) {
  Draws draws = env.random.stream("node.message", stream.local_endpoint().port);
  const ByteBuffer written(config.limits.message_bytes);
  const ByteBuffer read(config.limits.message_bytes);
  const std::span<std::byte> message = written.bytes();
  const std::span<std::byte> echo = read.bytes();
  for (std::uint32_t count = 0; count < config.limits.messages; ++count) {
    draws.fill(message);
    const auto done = co_await with_timeout(env.clock, config.timing.reply_timeout,
                                            exchange(env, stream, message, echo));
    if (!done) co_return done;
  }
  co_return Result<void>();
}

// Waits, and notices when the peer hangs up meanwhile. Success when the time is over.
Task<Result<void>> hold(Env& env, Stream& stream, Duration time) {
  std::array<std::byte, 1> unexpected{};
  const auto got = co_await with_timeout(env.clock, time, stream.read_some(unexpected));
  if (!got && got.error() == std::errc::timed_out) co_return Result<void>();
  if (!got) co_return failure(got.error());
  if (*got == 0) co_return failure(Errc::end_of_stream);
  env.log.warn("[{}] sent more than was sent to it", stream.remote_endpoint());
  co_return failure(std::errc::bad_message);
}

// Ends our direction and waits for the peer to end its own, so that nothing is cut off.
Task<Result<void>> shut_down(Env& env, Stream& stream, Duration patience) {
  env.log.debug("Shutting down remote connection...");
  const auto ended = stream.shutdown_send();
  if (!ended) co_return ended;
  std::array<std::byte, 1> unexpected{};
  const auto got = co_await with_timeout(env.clock, patience, stream.read_some(unexpected));
  if (!got) co_return failure(got.error());
  if (*got != 0) co_return failure(std::errc::bad_message);
  co_return Result<void>();
}

Task<Result<void>> converse(Env& env, Stream& stream, const NodeConfig& config) {
  const auto sent = co_await send_messages(env, stream, config);
  if (!sent) co_return sent;
  const auto held = co_await hold(env, stream, config.timing.hold);
  if (!held) co_return held;
  co_return co_await shut_down(env, stream, config.timing.reply_timeout);
}

}  // namespace

Task<void> talk_to_peer(Env& env, Stream stream, NodeState& node, Mailbox<PeerEnd>& report) {
  const Endpoint peer = stream.remote_endpoint();
  const auto outcome = co_await converse(env, stream, node.config);
  stream.close();
  PeerEnd end;
  if (!outcome) {
    end = outcome.error();
    if (end == Errc::end_of_stream) {
      env.log.debug("HUP from [{}]", peer);
    } else {
      env.log.debug("Connection to [{}] failed: {}", peer, in_words(end));
    }
  }
  report.try_send(end);
}

}  // namespace piccolo
