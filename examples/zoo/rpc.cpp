#include "rpc.hpp"

#include <utility>

#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo::zoo {
namespace {

// Who connected and says nothing, or does not take the answer, is waited for no longer.
constexpr Duration server_patience = std::chrono::seconds(2);
// Without descriptors, or without its port, a server waits before it tries again.
constexpr Duration pause = std::chrono::milliseconds(100);

constexpr std::size_t word_bytes = 8;
using Frame = std::array<std::byte, word_bytes * (1 + std::tuple_size_v<decltype(Message::words)>)>;

void put(Frame& frame, std::size_t index, std::uint64_t word) {
  for (std::size_t byte = 0; byte < word_bytes; ++byte, word >>= 8U) {
    frame[index * word_bytes + byte] = static_cast<std::byte>(word & 0xffU);
  }
}

std::uint64_t get(const Frame& frame, std::size_t index) {
  std::uint64_t word = 0;
  for (std::size_t byte = word_bytes; byte-- > 0;) {
    word = (word << 8U) | std::to_integer<std::uint64_t>(frame[index * word_bytes + byte]);
  }
  return word;
}

Frame encoded(const Message& message) {
  Frame frame{};
  put(frame, 0, message.kind);
  for (std::size_t word = 0; word < message.words.size(); ++word) {
    put(frame, word + 1, message.words[word]);
  }
  return frame;
}

Message decoded(const Frame& frame) {
  Message message(get(frame, 0));
  for (std::size_t word = 0; word < message.words.size(); ++word) {
    message.words[word] = get(frame, word + 1);
  }
  return message;
}

Task<Result<Message>> converse(Env& env, Endpoint server, Message request) {
  auto stream = co_await env.network.connect(server);
  if (!stream) co_return failure(stream.error());
  Frame frame = encoded(request);
  const auto sent = co_await write_all(*stream, frame);
  if (!sent) co_return failure(sent.error());
  const auto got = co_await read_exactly(*stream, frame);
  if (!got) co_return failure(got.error());
  co_return decoded(frame);
}

Task<void> answer(Env& env, Stream stream, const Service* service) {
  Frame frame{};
  const auto got = co_await with_timeout(env.clock, server_patience, read_exactly(stream, frame));
  if (!got) co_return;
  Task<std::optional<Message>> work = (*service)(decoded(frame));
  const auto reply = co_await std::move(work);
  if (!reply) co_return;
  frame = encoded(*reply);
  co_await with_timeout(env.clock, server_patience, write_all(stream, frame));
}

// Until accepting is canceled.
Task<void> accept_all(Env& env, Listener listener, const Service* service) {
  Scope connections(env.executor);
  for (;;) {
    auto stream = co_await listener.accept();
    if (stream) {
      connections.spawn(answer(env, std::move(*stream), service));
      continue;
    }
    if (is_canceled(stream.error())) break;
    const auto slept = co_await env.clock.sleep_for(pause);
    if (!slept) break;
  }
  listener.close();
  co_await connections.join();
}

}  // namespace

Task<Result<Message>> call(Env& env, Endpoint server, Duration patience, Message request) {
  const auto reply = co_await with_timeout(env.clock, patience, converse(env, server, request));
  if (!reply) env.log.debug("No answer from [{}]: {}", server, in_words(reply.error()));
  co_return reply;
}

Task<void> serve(Env& env, Endpoint at, Service service) {
  for (;;) {
    auto listener = env.network.listen(at);
    if (listener) {
      co_await accept_all(env, std::move(*listener), &service);
      co_return;
    }
    const auto slept = co_await env.clock.sleep_for(pause);
    if (!slept) co_return;
  }
}

}  // namespace piccolo::zoo
