#include "broken_nodes.hpp"

#include <stdexcept>
#include <vector>

#include "broken_discovery.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo::test {
namespace {

// ---- mistakes in echoing ----

// Writes the buffer, not what was read into it.
Task<void> echo_whole_buffer(Env&, Stream stream, NodeState& node) {
  std::vector<std::byte> buffer(node.config.limits.buffer_bytes);
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    const auto written = co_await write_all(stream, buffer);
    if (!written) co_return;
  }
}

// Keeps a full buffer back until the next one arrives, and forgets it when none does.
Task<void> drop_last_chunk(Env&, Stream stream, NodeState& node) {
  std::vector<std::byte> buffer(node.config.limits.buffer_bytes);
  std::vector<std::byte> kept;
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    const auto before = co_await write_all(stream, kept);
    if (!before) co_return;
    kept.assign(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got));
    if (kept.size() == buffer.size()) continue;
    const auto written = co_await write_all(stream, kept);
    if (!written) co_return;
    kept.clear();
  }
}

// Takes it for granted that one write takes everything.
Task<void> ignore_short_writes(Env&, Stream stream, NodeState& node) {
  std::vector<std::byte> buffer(node.config.limits.buffer_bytes);
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got || *got == 0) co_return;
    const std::span<const std::byte> chunk = std::span(buffer).first(*got);
    const auto written = co_await stream.write_some(chunk);
    if (!written) co_return;
  }
}

// Lets a peer's reset tear down the node.
Task<void> throw_on_reset(Env&, Stream stream, NodeState& node) {
  std::vector<std::byte> buffer(node.config.limits.buffer_bytes);
  for (;;) {
    const auto got = co_await stream.read_some(buffer);
    if (!got && got.error() == std::errc::connection_reset) throw std::runtime_error("peer reset");
    if (!got || *got == 0) co_return;
    const std::span<const std::byte> chunk = std::span(buffer).first(*got);
    const auto written = co_await write_all(stream, chunk);
    if (!written) co_return;
  }
}

// ---- mistakes in talking ----

// Waits for the echo as long as it takes: for ever, when the peer's machine is gone.
Task<void> wait_for_ever(Env& env, Stream stream, NodeState& node, Mailbox<PeerEnd>& report) {
  std::vector<std::byte> message(node.config.limits.message_bytes);
  std::vector<std::byte> echo(message.size());
  PeerEnd end;
  const auto written = co_await write_all(stream, message);
  const auto read = co_await read_exactly(stream, echo);
  if (!written) end = written.error();
  if (!read) end = read.error();
  if (!end) {
    const auto held = co_await env.clock.sleep_for(node.config.timing.hold);
    if (!held) co_return;
  }
  stream.close();
  report.try_send(end);
}

NodeParts with_echo(Task<void> (*echo)(Env&, Stream, NodeState&)) {
  NodeParts parts;
  parts.echo = echo;
  return parts;
}

NodeParts with_discover(Task<void> (*discover)(Env&, HostPort, NodeState&)) {
  NodeParts parts;
  parts.discover = discover;
  return parts;
}

NodeParts with_talk(Task<void> (*talk)(Env&, Stream, NodeState&, Mailbox<PeerEnd>&)) {
  NodeParts parts;
  parts.talk = talk;
  return parts;
}

}  // namespace

const std::vector<BrokenNode>& broken_nodes() {
  static const std::vector<BrokenNode> nodes{
      {"forgets to reconnect after a HUP", with_discover(&forget_to_reconnect), "reconnect"},
      {"connects to itself", with_discover(&filter_by_configured_address), "no_self_connection"},
      {"echoes a short read's buffer whole", with_echo(&echo_whole_buffer), "echo"},
      {"opens a second stream to a peer", with_discover(&open_without_looking),
       "one_stream_per_peer"},
      {"loses the retry timer when refused after a time-out", with_discover(&lose_the_retry_timer),
       "reconnect"},
      {"drops the last chunk before close", with_echo(&drop_last_chunk), "echo_complete"},
      {"ignores short writes", with_echo(&ignore_short_writes), "echo"},
      {"waits for ever for an echo", with_talk(&wait_for_ever), "reconnect"},
      {"does not stop when canceled", with_discover(&ignore_cancellation), "spin"},
      {"throws when a peer resets", with_echo(&throw_on_reset), "exception"},
  };
  return nodes;
}

}  // namespace piccolo::test
