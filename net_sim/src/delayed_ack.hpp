#pragma once

// When what arrived is acknowledged: at once, or with what the program answers (RFC 1122, 4.2.3.2;
// RFC 5681, 4.2), by Linux's rules of who is in a hurry (tcp_input.c, tcp_output.c). A stream
// starts quickly, so that its sender learns what the way bears; who answers what it reads waits
// for its own answers to take the acknowledgements along.

#include <cstdint>

#include "piccolo/core/time.hpp"

namespace piccolo {

class DelayedAck {
 public:
  struct Limits {
    Duration least{0};  // TCP_DELACK_MIN; zero: never delays
    std::uint64_t window_bytes = 0;
    Duration retransmission{0};  // the time-out
  };

  // tcp_event_data_recv(): something new has arrived in order.
  void data_arrived(TimePoint now, std::uint64_t length, std::uint64_t segment_bytes,
                    const Limits& limits) noexcept;
  // tcp_fin(): the peer has ended its side, and the program will probably end this one.
  void fin_arrived() noexcept {
    owed_ = true;
    answers_ = true;
  }
  // tcp_enter_quickack_mode(): what came had come before, so an acknowledgement was lost.
  void hurry(const Limits& limits) noexcept;

  // tcp_event_ack_sent(): any segment acknowledges everything.
  void sent(std::uint64_t up_to) noexcept {
    acknowledged_ = up_to;
    if (!owed_) return;
    owed_ = false;
    pushed_ = 0;
    if (quick_ == 0) return;
    --quick_;
    if (quick_ == 0) wait_ = shortest_;
  }
  // tcp_event_data_sent(): soon after something came, that is an answer to it.
  void data_sent(TimePoint now) noexcept {
    if (now - heard_ < wait_) answers_ = true;
  }

  bool owed() const noexcept { return owed_; }
  // Up to where the peer knows that its bytes have arrived: tcp_sock's rcv_wup.
  std::uint64_t acknowledged() const noexcept { return acknowledged_; }
  // tcp_ack_snd_check(), for what has just arrived.
  bool due(std::uint64_t received) const noexcept {
    return owed_ && ((quick_ > 0 && !answers_) || shortest_.count() == 0 || overdue(received));
  }
  // tcp_cleanup_rbuf(): the program has read, and not answered yet.
  bool due_after_read(std::uint64_t received, bool all_read) const noexcept {
    const bool small = pushed_ > 1 || (pushed_ == 1 && !answers_);
    return owed_ && (overdue(received) || (small && all_read));
  }
  // tcp_send_delayed_ack(): how long to wait for something that takes it along.
  Duration patience(Duration round_trip) const noexcept;
  // tcp_delack_timer_handler(): nothing did.
  void waited_in_vain(const Limits& limits) noexcept;
  void forget() noexcept { owed_ = false; }

 private:
  // More than a full segment is not acknowledged.
  bool overdue(std::uint64_t received) const noexcept {
    return received - acknowledged_ > segment_bytes_;
  }
  void be_quick(const Limits& limits) noexcept;

  TimePoint heard_;       // when data came last: lrcvtime
  Duration wait_{0};      // ato; zero before the first data
  Duration shortest_{0};  // TCP_ATO_MIN
  std::uint64_t acknowledged_ = 0;
  std::uint64_t segment_bytes_ = 0;  // of the peer's, as far as seen: rcv_mss
  std::uint8_t quick_ = 0;           // so many acknowledgements more are sent at once
  std::uint8_t pushed_ = 0;          // small segments since the last acknowledgement, 2 for more
  bool answers_ = false;             // the program answers what it reads: pingpong mode
  bool owed_ = false;
};

}  // namespace piccolo
