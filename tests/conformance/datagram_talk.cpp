#include "datagram_talk.hpp"

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include "piccolo/core/with_timeout.hpp"

namespace piccolo::conformance {
namespace {

std::string told(std::span<const std::byte> buffer, const Result<Received>& got) {
  if (!got) return error_name(got.error());
  std::string text;
  for (const std::byte byte : buffer.first(got->bytes)) text += static_cast<char>(byte);
  return "[" + text + "]" + (got->truncated ? "..." : "");
}

std::string told(std::size_t expected, const Result<std::size_t>& sent) {
  if (!sent) return error_name(sent.error());
  return *sent == expected ? "ok" : "only " + std::to_string(*sent);
}

}  // namespace

DatagramSocket bind_or_throw(Env& env, const Endpoint& at) {
  auto socket = env.network.bind_datagram(at);
  if (!socket) throw std::runtime_error("bind_datagram: " + error_name(socket.error()));
  return std::move(*socket);
}

Peers connected_peers(Env& env) {
  Peers peers;
  peers.one = bind_or_throw(env);
  peers.two = bind_or_throw(env);
  peers.one.connect(peers.two.local_endpoint()).value();
  peers.two.connect(peers.one.local_endpoint()).value();
  return peers;
}

Endpoint deserted(Env& env) { return bind_or_throw(env).local_endpoint(); }

Task<std::string> receive(DatagramSocket* socket, std::size_t room) {
  std::array<std::byte, 64> buffer{};
  const auto space = std::span<std::byte>(buffer).first(room);
  const auto got = co_await socket->receive_from(space);
  co_return told(space, got);
}

Task<Endpoint> receive_sender(DatagramSocket* socket) {
  std::array<std::byte, 64> buffer{};
  const auto got = co_await socket->receive_from(buffer);
  if (!got) throw std::runtime_error("receive_from: " + error_name(got.error()));
  co_return got->from;
}

Task<std::string> receive_all(Env& env, DatagramSocket* socket) {
  co_await settle(env);
  std::string all;
  std::array<std::byte, 64> buffer{};
  const std::span<std::byte> space(buffer);
  for (;;) {
    const auto got = co_await with_timeout(env.clock, Duration(0), socket->receive_from(space));
    if (!got && got.error() == std::errc::timed_out) co_return all;
    all += told(space, got);
  }
}

Task<std::string> send(DatagramSocket* socket, std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  const auto sent = co_await socket->send(bytes);
  co_return told(text.size(), sent);
}

Task<std::string> send_to(DatagramSocket* socket, std::string_view text, Endpoint to) {
  const auto bytes = std::as_bytes(std::span(text));
  const auto sent = co_await socket->send_to(bytes, to);
  co_return told(text.size(), sent);
}

Task<std::string> send_bytes_to(DatagramSocket* socket, std::size_t count, Endpoint to) {
  const std::vector<std::byte> bytes(count);
  const auto sent = co_await socket->send_to(bytes, to);
  co_return told(count, sent);
}

Task<void> receive_into(DatagramSocket* socket, std::string* result) {
  *result = co_await receive(socket);
}

}  // namespace piccolo::conformance
