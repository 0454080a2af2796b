#pragma once

// What the echo worlds are made of: frames over streams, servers s1 to sN that listen, clients c1
// to cN that connect to them by name, and the question whether clients get what they ask for.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "piccolo/sim/simulation.hpp"

namespace piccolo::zoo {

inline constexpr std::uint16_t echo_port = 7000;

// How long a program puts up with a step of the network.
inline constexpr Duration connect_patience = std::chrono::seconds(3);
inline constexpr Duration answer_patience = std::chrono::seconds(3);
inline constexpr Duration idle_patience = std::chrono::seconds(5);
inline constexpr Duration retry_pause = std::chrono::milliseconds(200);

// On the wire: the length of what follows (4 bytes), the id (8 bytes), the payload. Numbers have
// their highest byte first.
struct Frame {
  Frame() = default;
  Frame(std::uint64_t number, std::vector<std::byte> bytes)
      : id(number), payload(std::move(bytes)) {}

  bool operator==(const Frame&) const = default;

  std::uint64_t id = 0;
  std::vector<std::byte> payload;
};

inline constexpr std::size_t frame_header = 12;
inline constexpr std::size_t frame_payload_max = 1 << 20;

std::vector<std::byte> encode(const Frame& frame);
std::uint64_t big_endian(std::span<const std::byte> bytes) noexcept;

Task<Result<Frame>> read_frame(Stream& stream);
Task<Result<void>> write_frame(Stream& stream, Frame frame);
// Sends the frame and waits for the next one that comes.
Task<Result<Frame>> ask(Stream& stream, Frame frame);

Task<Result<Stream>> connect_by_name(Env& env, std::string server);

// A client's stream to one server, opened again after it broke.
struct Line {
  std::string server;
  Stream stream;
};
// Nothing if it is open.
Task<Result<void>> open_line(Env& env, Line& line);
// Opens the line if need be, and asks; closes it when that fails or takes too long.
Task<Result<Frame>> call(Env& env, Line& line, Frame frame);

// Listens on `echo_port` until it is canceled; each stream gets a task of its own.
using Service = std::function<Task<void>(Env&, Stream)>;
Task<void> serve(Env& env, Service service);
// Writes back each frame that comes, until the stream ends or is idle.
Task<void> echo_frames(Env& env, Stream stream);

// Parameters `servers` and `clients`.
std::vector<sim::Parameter> echo_parameters(std::int64_t servers, std::int64_t clients);

struct EchoHosts {
  std::vector<HostId> servers;
  std::vector<HostId> clients;
};
EchoHosts add_echo_hosts(sim::Simulation& sim);
std::vector<std::string> names(sim::Simulation& sim, const std::vector<HostId>& hosts);

// Who made progress since the faults were over. Subjects are numbered from 0; each is a host, or
// several that make progress with each other.
class Progress {
 public:
  void made(std::size_t subject) { made_[subject] = true; }

  // Declares: eventually all subjects make progress, but those with hosts outside of the core.
  static Progress& expect(sim::Simulation& sim, std::string invariant,
                          std::vector<std::vector<HostId>> subjects, Duration within);
  static Progress& expect(sim::Simulation& sim, std::string invariant,
                          const std::vector<HostId>& subjects, Duration within);

 private:
  bool complete(const sim::Simulation& sim) const;
  std::string tell(sim::Simulation& sim) const;
  bool waits(const sim::Simulation& sim, std::size_t subject) const;

  std::vector<std::vector<HostId>> subjects_;
  std::vector<bool> made_;
};

}  // namespace piccolo::zoo
