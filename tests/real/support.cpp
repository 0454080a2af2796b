#include "support.hpp"

#include <filesystem>

namespace piccolo::test {

RealOptions quiet(unsigned threads) {
  RealOptions options;
  options.threads = threads;
  options.log_level = LogLevel::error;
  options.handle_signals = false;
  return options;
}

void run_real(RealWorld::Program program) {
  RealWorld world(quiet());
  world.start(0, std::move(program));
  world.run();
}

std::string text_of(std::span<const std::byte> bytes) {
  std::string text;
  for (const std::byte byte : bytes) text += static_cast<char>(byte);
  return text;
}

Task<Pair> connect_pair(Env& env) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  auto client = co_await env.network.connect(listener->local_endpoint());
  REQUIRE(client);
  auto server = co_await listener->accept();
  REQUIRE(server);
  Pair pair;
  pair.client = std::move(*client);
  pair.server = std::move(*server);
  co_return pair;
}

Task<void> pause(Env& env, Duration time) {
  const auto slept = co_await env.clock.sleep_for(time);
  REQUIRE(slept);
}

Task<void> require_sends(Stream& from, Stream& to, std::string text) {
  const auto written = co_await write_all(from, bytes_of(text));
  REQUIRE(written);
  std::vector<std::byte> buffer(text.size());
  const auto read = co_await read_exactly(to, buffer);
  REQUIRE(read);
  REQUIRE(text_of(buffer) == text);
}

Task<std::size_t> fill(Env& env, Stream& stream) {
  const std::vector<std::byte> chunk(1 << 16);
  std::size_t total = 0;
  // The kernel enlarges its buffers as the first bytes are acknowledged.
  for (int refused = 0; refused < 3; ++refused) {
    const auto taken = co_await with_timeout(env.clock, 30ms, stream.write_some(chunk));
    if (!taken) continue;
    total += *taken;
    refused = -1;
  }
  co_return total;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

}  // namespace piccolo::test
