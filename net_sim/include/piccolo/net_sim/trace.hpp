#pragma once

// The trace of a run: every event that can matter, folded into a rolling 64-bit hash that is
// always on, with the last events kept in a ring for whoever has to explain a failure. Two runs
// with equal hashes did the same; log lines are not part of it, so adding one changes nothing.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "piccolo/core/random.hpp"
#include "piccolo/core/time.hpp"

namespace piccolo {

enum class EventKind : std::uint8_t {
  event,            // the queue advanced: a = tie of the event
  process_started,  // subject process
  process_ended,    // a = 0 by itself, 1 killed
  host_down,        // subject host
  host_up,
  listen,          // subject process, a = port
  connect,         // subject connection, a = process, b = remote port
  connected,       // subject connection
  connect_failed,  // a = errno
  accepted,        // subject connection, a = process
  read,            // subject connection, a = role, b = bytes (0: end of stream)
  write,           // a = role, b = bytes taken, c = hash of them
  failed,          // a read or write: a = role, b = errno
  closed,          // a = role, b = 1 for a reset
  packet_sent,     // subject connection or socket, a = its tag, b = sequence, c = length
  packet_arrived,
  packet_lost,
  packet_duplicated,
  datagram_bound,     // subject socket, a = process, b = port
  datagram_sent,      // subject socket, a = its number, b = remote port, c = hash of it
  datagram_received,  // by the program: a = bytes, b = remote port, c = hash of them
  datagram_dropped,   // a = its number, b = port, c = 0: nobody has the port, 1: buffer full
  datagram_closed,    // a = datagrams nobody received
  fault,              // its subject, a = 2 * kind + (1 when it begins), b = amount
  buggified,          // subject process, a = hash of the site's name
};

std::string_view event_kind_name(EventKind kind) noexcept;

struct TraceEvent {
  TimePoint at;
  EventKind kind = EventKind::event;
  std::uint64_t subject = 0;
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t c = 0;

  // One by one: copied as a whole, what was just written in small pieces would be read in large
  // ones, and wait for all of them (a tenth of an echo's time).
  void assign(TimePoint when, EventKind what, std::uint64_t whose, std::uint64_t first,
              std::uint64_t second, std::uint64_t third) noexcept {
    at = when;
    kind = what;
    subject = whose;
    a = first;
    b = second;
    c = third;
  }
};

// Sees each event as it happens: to keep all of them, or to stop at one.
class TraceSink {
 public:
  TraceSink() = default;
  TraceSink(const TraceSink&) = delete;
  TraceSink& operator=(const TraceSink&) = delete;
  virtual ~TraceSink() = default;

  // `number` counts from 0 and is the event's name in this run. Must not change the world.
  virtual void recorded(std::uint64_t number, const TraceEvent& event) noexcept = 0;
};

namespace detail {

// Two words become one by a multiplication of which no bit is thrown away, as in wyhash and XXH3.
// The constants are of pi's fraction; with them words of zero, which are common, are no zeros, and
// no two words have the same effect.
template <std::uint64_t first = 0x13198a2e03707344ULL, std::uint64_t second = 0xa4093822299f31d0ULL>
std::uint64_t blend(std::uint64_t a, std::uint64_t b) noexcept {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ first) * (b ^ second);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

}  // namespace detail

class Trace {
 public:
  static constexpr std::size_t ring_size = 256;

  void record(TimePoint at, EventKind kind, std::uint64_t subject, std::uint64_t a, std::uint64_t b,
              std::uint64_t c) noexcept {
    fold(at, kind, subject, a, b, c);
    ring_[count_ % ring_size].assign(at, kind, subject, a, b, c);
    if (sink_ != nullptr) [[unlikely]]
      sink_->recorded(count_, TraceEvent{at, kind, subject, a, b, c});
    ++count_;
  }

  // One at a time, or nobody. It must outlive the trace, or be taken away.
  void set_sink(TraceSink* sink) noexcept { sink_ = sink; }

  std::uint64_t hash() const noexcept { return hash_; }
  std::uint64_t count() const noexcept { return count_; }
  // The last events, oldest first.
  std::vector<TraceEvent> last_events() const;

 private:
  // Every bit reaches the hash, and so does the order of events. But for one step they do not wait
  // for each other: what an event adds is blended before.
  void fold(TimePoint at, EventKind kind, std::uint64_t subject, std::uint64_t a, std::uint64_t b,
            std::uint64_t c) noexcept {
    const auto time = static_cast<std::uint64_t>(at.time_since_epoch().count());
    const std::uint64_t when =
        detail::blend(time ^ (static_cast<std::uint64_t>(kind) << 56U), subject);
    const std::uint64_t what = detail::blend<0x082efa98ec4e6c89ULL, 0x452821e638d01377ULL>(a, b);
    hash_ = std::rotl((hash_ ^ c) * 0x9fb21c651e98df25ULL, 29) ^ (when + what);
  }

  std::uint64_t hash_ = 0x243f6a8885a308d3ULL;  // the first 64 bits of pi's fraction
  std::uint64_t count_ = 0;
  TraceSink* sink_ = nullptr;
  std::array<TraceEvent, ring_size> ring_{};
};

// For payloads: sixteen bytes at a time.
inline std::uint64_t hash_bytes(std::span<const std::byte> bytes) noexcept {
  std::uint64_t hash = bytes.size();
  std::array<std::uint64_t, 2> words{};
  while (bytes.size() >= sizeof words) {
    std::memcpy(words.data(), bytes.data(), sizeof words);
    hash = detail::blend(words[0] ^ hash, words[1]);
    bytes = bytes.subspan(sizeof words);
  }
  if (bytes.empty()) return mix64(hash);
  words = {};
  std::memcpy(words.data(), bytes.data(), bytes.size());
  return mix64(detail::blend(words[0] ^ hash, words[1]));
}

}  // namespace piccolo
