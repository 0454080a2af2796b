#include "delayed_ack.hpp"

#include <algorithm>

namespace piccolo {
namespace {

constexpr std::uint64_t quick_acks_max = 16;                             // TCP_MAX_QUICKACKS
constexpr std::uint64_t segment_bytes_at_first = 536;                    // TCP_MSS_DEFAULT
constexpr Duration delayed_ack_max = std::chrono::milliseconds(500);     // HZ / 2
constexpr Duration delayed_answer_max = std::chrono::milliseconds(200);  // TCP_DELACK_MAX

}  // namespace

void DelayedAck::data_arrived(TimePoint now, std::uint64_t length, std::uint64_t segment_bytes,
                              const Limits& limits) noexcept {
  owed_ = true;
  if (segment_bytes_ == 0) segment_bytes_ = std::min(segment_bytes_at_first, segment_bytes);
  if (length >= segment_bytes_) {
    segment_bytes_ = length;
  } else if (pushed_ < 2) {
    ++pushed_;
  }
  const Duration since = now - heard_;
  heard_ = now;
  if (wait_.count() == 0) {
    wait_ = shortest_ = limits.least;
    be_quick(limits);
  } else if (since <= shortest_ / 2) {
    wait_ = wait_ / 2 + shortest_ / 2;
  } else if (since < wait_) {
    wait_ = std::min(wait_ / 2 + since, limits.retransmission);
  } else if (since > limits.retransmission) {
    be_quick(limits);  // the sender has lost its clock, or its window
  }
}

void DelayedAck::hurry(const Limits& limits) noexcept {
  owed_ = true;
  answers_ = false;
  wait_ = shortest_ = limits.least;
  be_quick(limits);
}

// tcp_incr_quickack()
void DelayedAck::be_quick(const Limits& limits) noexcept {
  const std::uint64_t bytes = std::max<std::uint64_t>(segment_bytes_, 1);
  const std::uint64_t half_window = limits.window_bytes / (2 * bytes);
  const auto count = std::clamp<std::uint64_t>(half_window, 2, quick_acks_max);
  quick_ = std::max(quick_, static_cast<std::uint8_t>(count));
}

Duration DelayedAck::patience(Duration round_trip) const noexcept {
  if (wait_ <= shortest_) return wait_;
  Duration most = answers_ || pushed_ > 0 ? delayed_answer_max : delayed_ack_max;
  if (round_trip.count() > 0) most = std::min(most, std::max(round_trip, shortest_));
  return std::min(wait_, most);
}

void DelayedAck::waited_in_vain(const Limits& limits) noexcept {
  wait_ = answers_ ? shortest_ : std::min(2 * wait_, limits.retransmission);
  answers_ = false;
}

}  // namespace piccolo
