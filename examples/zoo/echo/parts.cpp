#include "echo/parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "piccolo/core/error.hpp"
#include "piccolo/core/scope.hpp"
#include "piccolo/core/stream_io.hpp"
#include "piccolo/core/with_timeout.hpp"

namespace piccolo::zoo {
namespace {

void put(std::vector<std::byte>& bytes, std::uint64_t number, unsigned size) {
  for (unsigned at = size; at > 0; --at) {
    bytes.push_back(static_cast<std::byte>(number >> (8U * (at - 1))));
  }
}

// Faults take ports and descriptors away; both come back.
Task<Result<Listener>> listen_at_last(Env& env) {
  for (;;) {
    auto listener = env.network.listen(Endpoint(Address::any(Address::Family::v4), echo_port));
    if (listener) co_return std::move(listener);
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) co_return failure(slept.error());
  }
}

}  // namespace

std::vector<std::byte> encode(const Frame& frame) {
  std::vector<std::byte> bytes;
  bytes.reserve(frame_header + frame.payload.size());
  put(bytes, 8 + frame.payload.size(), 4);
  put(bytes, frame.id, 8);
  bytes.insert(bytes.end(), frame.payload.begin(), frame.payload.end());
  return bytes;
}

std::uint64_t big_endian(std::span<const std::byte> bytes) noexcept {
  std::uint64_t number = 0;
  for (const std::byte byte : bytes) number = number << 8U | static_cast<std::uint64_t>(byte);
  return number;
}

Task<Result<Frame>> read_frame(Stream& stream) {
  std::array<std::byte, frame_header> header{};
  const auto begun = co_await read_exactly(stream, header);
  if (!begun) co_return failure(begun.error());
  const std::uint64_t length = big_endian(std::span(header).first(4));
  if (length < 8 || length > 8 + frame_payload_max) co_return failure(std::errc::bad_message);
  Frame frame(big_endian(std::span(header).subspan(4)), std::vector<std::byte>(length - 8));
  const auto filled = co_await read_exactly(stream, frame.payload);
  if (!filled) co_return failure(filled.error());
  co_return std::move(frame);
}

Task<Result<void>> write_frame(Stream& stream, Frame frame) {
  const std::vector<std::byte> bytes = encode(frame);
  co_return co_await write_all(stream, bytes);
}

Task<Result<Frame>> ask(Stream& stream, Frame frame) {
  const auto sent = co_await write_frame(stream, std::move(frame));
  if (!sent) co_return failure(sent.error());
  co_return co_await read_frame(stream);
}

Task<Result<Stream>> connect_by_name(Env& env, std::string server) {
  const auto found = co_await env.network.resolve(server, echo_port);
  if (!found) co_return failure(found.error());
  const Endpoint target = found->front();
  co_return co_await env.network.connect(target);
}

Task<Result<void>> open_line(Env& env, Line& line) {
  if (line.stream.is_open()) co_return Result<void>();
  auto stream =
      co_await with_timeout(env.clock, connect_patience, connect_by_name(env, line.server));
  if (!stream) co_return failure(stream.error());
  line.stream = std::move(*stream);
  co_return Result<void>();
}

Task<Result<Frame>> call(Env& env, Line& line, Frame frame) {
  const auto opened = co_await open_line(env, line);
  if (!opened) co_return failure(opened.error());
  auto answer =
      co_await with_timeout(env.clock, answer_patience, ask(line.stream, std::move(frame)));
  if (!answer) line.stream.close();
  co_return std::move(answer);
}

Task<void> serve(Env& env, Service service) {
  auto listener = co_await listen_at_last(env);
  if (!listener) co_return;
  Scope sessions(env.executor);
  for (;;) {
    auto stream = co_await listener->accept();
    if (!stream && is_canceled(stream.error())) break;
    if (stream) {
      sessions.spawn(service(env, std::move(*stream)));
      continue;
    }
    const auto slept = co_await env.clock.sleep_for(retry_pause);
    if (!slept) break;
  }
  listener->close();
  co_await sessions.join();
}

Task<void> echo_frames(Env& env, Stream stream) {
  for (;;) {
    auto frame = co_await with_timeout(env.clock, idle_patience, read_frame(stream));
    if (!frame) co_return;
    const auto sent =
        co_await with_timeout(env.clock, answer_patience, write_frame(stream, std::move(*frame)));
    if (!sent) co_return;
  }
}

std::vector<sim::Parameter> echo_parameters(std::int64_t servers, std::int64_t clients) {
  constexpr std::int64_t most = 16;
  return {sim::Parameter::count("servers", "Servers that listen", servers, 1, most),
          sim::Parameter::count("clients", "Clients that connect to them", clients, 1, most)};
}

EchoHosts add_echo_hosts(sim::Simulation& sim) {
  EchoHosts hosts;
  for (std::int64_t server = 1; server <= sim.parameters().count("servers"); ++server) {
    hosts.servers.push_back(sim.add_host(fmt::format("s{}", server)));
  }
  for (std::int64_t client = 1; client <= sim.parameters().count("clients"); ++client) {
    hosts.clients.push_back(sim.add_host(fmt::format("c{}", client)));
  }
  return hosts;
}

std::vector<std::string> names(sim::Simulation& sim, const std::vector<HostId>& hosts) {
  std::vector<std::string> all;
  all.reserve(hosts.size());
  for (const HostId host : hosts) all.push_back(sim.world().host_name(host));
  return all;
}

Progress& Progress::expect(sim::Simulation& sim, std::string invariant,
                           std::vector<std::vector<HostId>> subjects, Duration within) {
  auto& progress = sim.keep<Progress>();
  progress.made_.assign(subjects.size(), false);
  progress.subjects_ = std::move(subjects);
  sim.at_heal([&progress] { progress.made_.assign(progress.made_.size(), false); });
  sim.eventually(
      std::move(invariant), within, [&progress, &sim] { return progress.complete(sim); },
      [&progress, &sim] { return progress.tell(sim); });
  return progress;
}

Progress& Progress::expect(sim::Simulation& sim, std::string invariant,
                           const std::vector<HostId>& subjects, Duration within) {
  std::vector<std::vector<HostId>> single;
  single.reserve(subjects.size());
  for (const HostId host : subjects) single.push_back({host});
  return expect(sim, std::move(invariant), std::move(single), within);
}

bool Progress::waits(const sim::Simulation& sim, std::size_t subject) const {
  if (made_[subject]) return false;
  return std::ranges::all_of(subjects_[subject], [&sim](HostId host) { return sim.in_core(host); });
}

bool Progress::complete(const sim::Simulation& sim) const {
  for (std::size_t subject = 0; subject < made_.size(); ++subject) {
    if (waits(sim, subject)) return false;
  }
  return true;
}

std::string Progress::tell(sim::Simulation& sim) const {
  std::string text;
  for (std::size_t subject = 0; subject < made_.size(); ++subject) {
    if (!waits(sim, subject)) continue;
    text += text.empty() ? "no progress of " : ", ";
    text += fmt::format("{}", fmt::join(names(sim, subjects_[subject]), " with "));
  }
  return text;
}

}  // namespace piccolo::zoo
