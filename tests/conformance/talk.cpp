#include "talk.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "piccolo/core/with_timeout.hpp"

namespace piccolo::conformance {
namespace {

std::string text_of(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

std::string in_brackets(std::span<const std::byte> bytes) {
  return fmt::format("[{}]", text_of(bytes));
}

template <class T>
T value_or_throw(Result<T> result, const char* what) {
  if (!result) throw std::runtime_error(std::string(what) + ": " + error_name(result.error()));
  return std::move(*result);
}

}  // namespace

Endpoint loopback(std::uint16_t port, Address::Family family) {
  return Endpoint(Address::loopback(family), port);
}

Task<void> settle(Env& env) { co_await env.clock.sleep_for(std::chrono::milliseconds(50)); }

Listener listen_or_throw(Env& env, const Endpoint& at, int backlog) {
  ListenOptions options;
  options.backlog = backlog;
  return value_or_throw(env.network.listen(at, options), "listen");
}

Task<Stream> connect_or_throw(Env& env, Endpoint to) {
  auto stream = co_await env.network.connect(to);
  co_return value_or_throw(std::move(stream), "connect");
}

Task<Stream> accept_or_throw(Listener* listener) {
  auto stream = co_await listener->accept();
  co_return value_or_throw(std::move(stream), "accept");
}

Task<Pair> connected_pair(Env& env) {
  Listener listener = listen_or_throw(env, loopback(0));
  Pair pair;
  pair.client = co_await connect_or_throw(env, listener.local_endpoint());
  pair.server = co_await accept_or_throw(&listener);
  co_return pair;
}

Task<std::string> read(Stream* stream) {
  std::array<std::byte, 64> buffer{};
  const auto got = co_await stream->read_some(buffer);
  if (!got) co_return error_name(got.error());
  if (*got == 0) co_return "end";
  co_return in_brackets(std::span(buffer).first(*got));
}

Task<std::string> write(Stream* stream, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  const auto taken = co_await stream->write_some(bytes);
  if (!taken) co_return error_name(taken.error());
  co_return std::to_string(*taken);
}

Task<std::string> read_all(Stream* stream) {
  std::string all;
  std::array<std::byte, 64> buffer{};
  for (;;) {
    const auto got = co_await stream->read_some(buffer);
    if (!got) co_return all + "|" + error_name(got.error());
    if (*got == 0) co_return all + "|end";
    all += text_of(std::span(buffer).first(*got));
  }
}

Task<std::size_t> fill(Env& env, Stream* stream) {
  const std::vector<std::byte> data(16 * 1024, std::byte{'f'});
  const std::span<const std::byte> bytes(data);
  const Duration patience = std::chrono::milliseconds(60);
  std::size_t total = 0;
  // A write that starts anew may still find room where one that waits is not woken: Linux wakes
  // it when a third of the buffer is free, sk_stream_is_writeable().
  for (int refused = 0; refused < 2;) {
    const auto taken = co_await with_timeout(env.clock, patience, stream->write_some(bytes));
    if (taken) {
      total += *taken;
      refused = 0;
    } else if (taken.error() == std::errc::timed_out) {
      ++refused;
    } else {
      throw std::runtime_error("fill: " + error_name(taken.error()));
    }
  }
  co_return total;
}

Task<std::size_t> drain(Stream* stream) {
  std::vector<std::byte> buffer(16 * 1024);
  const std::span<std::byte> space(buffer);
  std::size_t total = 0;
  for (;;) {
    const auto got = co_await stream->read_some(space);
    if (!got) throw std::runtime_error("drain: " + error_name(got.error()));
    if (*got == 0) co_return total;
    total += *got;
  }
}

Task<void> read_into(Stream* stream, std::string* result) {
  std::string got = co_await read(stream);
  *result = std::move(got);
}

Task<void> write_into(Stream* stream, std::string_view text, std::string* result) {
  std::string taken = co_await write(stream, text);
  *result = std::move(taken);
}

Task<void> accept_into(Listener* listener, std::string* result) {
  const auto stream = co_await listener->accept();
  *result = outcome(stream);
}

Task<void> connect_into(Env& env, Endpoint to, std::string* result) {
  const auto stream = co_await env.network.connect(to);
  *result = outcome(stream);
}

}  // namespace piccolo::conformance
