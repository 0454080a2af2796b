#pragma once

// TCP as a program can observe it: handshake, byte-counted buffers and windows, retransmission
// with the time-outs of RFC 6298, FIN and RST by Linux's rules. Offsets are 64-bit and start at 0
// on both sides; a FIN takes the offset after the last byte. What arrives before its turn is kept
// and acknowledged selectively, so that only what was lost is sent again (RFC 2018, RFC 6675); how
// much may be in flight follows RFC 5681, 6928 and 9438.

#include <array>
#include <cstdint>
#include <system_error>

#include "byte_ring.hpp"
#include "delayed_ack.hpp"
#include "hystart.hpp"
#include "link.hpp"
#include "piccolo/core/block_pool.hpp"
#include "piccolo/core/network.hpp"
#include "piccolo/net_sim/observer.hpp"
#include "piccolo/net_sim/world.hpp"
#include "range_set.hpp"
#include "segment_log.hpp"

namespace piccolo {

class Connection;
class SimListener;
struct Host;
struct Incarnation;

// An IP header takes 20 or 40 bytes (RFC 791, 8200), TCP's with timestamps 32 (RFC 9293, 7323).
inline constexpr std::uint32_t header_bytes_v4 = 52;
inline constexpr std::uint32_t header_bytes_v6 = 72;

// A segment on its way.
struct Segment final : Packet {
  static constexpr std::uint8_t syn = 1;
  static constexpr std::uint8_t ack = 2;
  static constexpr std::uint8_t fin = 4;
  static constexpr std::uint8_t rst = 8;
  static constexpr std::uint8_t probe = 16;  // asks for an acknowledgement

  void deliver() noexcept override;
  void recycle() noexcept override;
  Packet& duplicate() override;
  void show(PacketView& view, std::vector<std::byte>& payload) const override;

  Connection* connection = nullptr;
  Segment* next_free = nullptr;
  std::uint64_t acknowledged = 0;
  std::uint64_t limit = 0;           // the offset up to which the sender of this segment takes data
  TimePoint sent;                    // the timestamps of RFC 7323
  TimePoint echo;                    // when the segment was sent that this one answers
  std::array<Range, 3> selective{};  // what arrived beyond `acknowledged`, the latest first
  std::uint8_t selective_count = 0;
  std::uint8_t flags = 0;
  Role to = Role::client;

  bool has(unsigned all_of) const noexcept { return (flags & all_of) == all_of; }
};

// One end of a connection: the kernel's state, and the backend of the program's `Stream`.
class TcpEnd final : public StreamBackend {
 public:
  enum class State : std::uint8_t {
    none,  // the server's end before the SYN arrived
    syn_sent,
    syn_received,
    established,  // and every state of closing in which data may still flow
    time_wait,
    dead,  // no such connection: what arrives is answered by RST
  };

  TcpEnd(Connection& connection, Role role) noexcept;
  ~TcpEnd();

  // ---- StreamBackend ----
  void start_read() override;
  void start_write() override;
  Result<void> shutdown_send() noexcept override;
  Result<void> set_keep_alive(const KeepAlive& how) noexcept override;
  Endpoint local_endpoint() const noexcept override { return local_; }
  Endpoint remote_endpoint() const noexcept override { return remote_; }
  void release() noexcept override;

  void reseed() noexcept;  // after the world's seed has changed

  // ---- the life of the end ----
  void open(ConnectOperation& operation, Host& host, Incarnation& holder, Endpoint local,
            Endpoint remote);
  void abort_connect() noexcept;  // the operation no longer waits
  void open_passively(SimListener& listener, Host& host, Endpoint local, Endpoint remote);
  Stream hand_to_program(Incarnation& holder);
  void arrive(const Segment& segment);
  void answer_severed(const Segment& segment) noexcept;  // what this end sent got nowhere
  // Nobody listens, or nobody knows: answers with a reset.
  void refuse(Link& back, const Segment& segment) noexcept;
  void drop_half_open() noexcept;    // as if the SYN had never come
  void close_by_kernel() noexcept;   // the process is gone
  void reset_unaccepted() noexcept;  // the listener is gone
  void lose_power() noexcept;
  void hang_up(HangUp how) noexcept;  // a fault
  void settle_connect();              // tells the program what became of its connect
  void serve_operations() noexcept;   // its process was paused, and is no more

  State state() const noexcept { return state_; }
  bool held() const noexcept { return held_; }
  bool finished() const noexcept;
  Role role() const noexcept { return role_; }
  Connection& connection() const noexcept { return connection_; }
  StreamEnd describe() const noexcept;
  std::string tell() const;  // its state, for people
  // For taps: the most that its host takes in a segment, 0 while it has none; and bytes of what it
  // sent, unless they are gone.
  std::uint32_t segment_bytes_offered() const noexcept;
  bool copy_sent(std::uint64_t offset, std::span<std::byte> to) const noexcept;

  std::size_t host_slot = static_cast<std::size_t>(-1);
  std::size_t holder_slot = static_cast<std::size_t>(-1);

 private:
  friend struct Segment;
  enum class Waiting : std::uint8_t {
    nothing,
    handshake,
    retransmit,
    probe,  // of the tail; never later than the retransmission
    reordering,
    window,
    keep_alive,
    fin_timeout,
    expiry
  };

  struct KernelTimer final : Event {
    explicit KernelTimer(TcpEnd& of) noexcept : end(of) {}
    void fire() noexcept override { end.timer_fired(); }
    TcpEnd& end;
  };
  struct AckTimer final : Event {
    explicit AckTimer(TcpEnd& of) noexcept : end(of) {}
    void fire() noexcept override { end.acknowledge_late(); }
    TcpEnd& end;
  };
  struct WakeTimer final : Event {
    explicit WakeTimer(TcpEnd& of) noexcept : end(of) {}
    void fire() noexcept override {
      if (end.reading() != nullptr) end.serve_reader();
    }
    TcpEnd& end;
  };

  World::Impl& world() const noexcept;
  TcpEnd& peer() const noexcept;
  const TcpOptions& tcp() const noexcept;  // of the host

  // tcp_handshake.cpp
  void arrive_in_handshake(const Segment& segment);
  void become_established(const Segment& segment);
  void fail_connect(std::errc why) noexcept;
  bool outcome_must_wait();
  void close_unclaimed() noexcept;
  void retry_handshake() noexcept;
  void agree_on_segments() noexcept;

  // tcp_receive.cpp
  void arrive_established(const Segment& segment);
  void take_acknowledgement(const Segment& segment) noexcept;
  void take_payload(const Segment& segment) noexcept;
  bool take_bytes(const Segment& segment) noexcept;
  bool take_fin(const Segment& segment) noexcept;
  void acknowledge(const Segment& segment, bool news, bool had_gap) noexcept;
  void acknowledge_late() noexcept;
  void forget_acknowledgement() noexcept;
  DelayedAck::Limits delayed_ack_limits() const noexcept;
  // One more than the bytes once the FIN has arrived.
  std::uint64_t received_in_order() const noexcept { return received_ + (fin_received_ ? 1U : 0U); }
  void wake_reader() noexcept;
  void reset_by_peer() noexcept;
  void serve_reader() noexcept;
  void serve_writer() noexcept;
  std::uint64_t readable() const noexcept { return received_ - read_; }
  std::error_code take_error() noexcept;
  void report_read(std::span<const std::byte> bytes) noexcept;
  void report_failed(const std::error_code& code) noexcept;
  void notice_hang_up() noexcept;
  std::uint64_t shortened(std::uint64_t length, std::uint64_t site, std::uint64_t offset) noexcept;

  // tcp_send.cpp
  void transmit() noexcept;
  bool transmit_new() noexcept;
  void send_new_segment() noexcept;
  void transmit_lost() noexcept;
  bool all_resent() const noexcept;
  Duration in_ticks(Duration time) const noexcept;
  bool too_early_by_a_tick(Waiting what) noexcept;
  void emit(std::uint8_t flags, std::uint64_t sequence, std::uint32_t length) noexcept;
  void emit_ack() noexcept { emit(Segment::ack, next_, 0); }
  void emit_reset() noexcept { emit(Segment::rst, next_, 0); }
  void report_out_of_order(Segment& segment) noexcept;
  void acknowledge_read() noexcept;
  bool window_reopened() const noexcept;
  void arm_for_outstanding(bool sent_more) noexcept;
  bool waits_for_acknowledgement() const noexcept {
    return waiting_ == Waiting::retransmit || waiting_ == Waiting::probe ||
           waiting_ == Waiting::reordering;
  }
  void retransmit() noexcept;
  void probe_window() noexcept;
  void measure_round_trip(TimePoint sent) noexcept;
  std::uint32_t retries_max() const noexcept;
  bool retried_enough() const noexcept;
  Duration patience() const noexcept;  // the retransmission time-out, backed off
  void keep_alive() noexcept;

  // tcp_probe.cpp
  bool may_probe() const noexcept;
  void schedule_probe(bool anew) noexcept;
  void probe_timer_fired() noexcept;
  void send_probe() noexcept;
  void settle_probe(const Segment& segment, bool advanced) noexcept;

  // tcp_window.cpp
  std::uint64_t initial_window() const noexcept;
  void grow_window(std::uint64_t newly_acknowledged, std::uint64_t used) noexcept;
  void grow_linearly() noexcept;
  void shrink_window() noexcept;
  void watch_slow_start(TimePoint sent) noexcept;
  void restart_after_idle() noexcept;

  // tcp_recovery.cpp
  void note_selective(const Segment& segment) noexcept;
  void give_gap_time() noexcept;
  void recover_from_gap() noexcept;
  void go_on_recovering(std::uint64_t newly_delivered, bool advanced) noexcept;
  void spend_allowance() noexcept;
  void presume_lost(std::uint64_t up_to) noexcept;
  bool resend_lost() noexcept;
  void resend_head() noexcept;
  bool recovering() const noexcept { return acknowledged_ < recovery_point_; }
  std::uint64_t in_flight() const noexcept;
  std::uint64_t selected_within(const Range& window) const noexcept;
  std::uint64_t delivered() const noexcept {
    return acknowledged_segments_ + selected_within({acknowledged_, next_});
  }
  bool window_allows_segment() const noexcept;

  // tcp_close.cpp
  void close() noexcept;
  void finish_if_done() noexcept;
  void die(std::error_code error) noexcept;
  void detach() noexcept;

  void arm(Waiting what, Duration after) noexcept;
  void disarm() noexcept;
  void timer_fired() noexcept;

  // First what each segment and each call need (see `Event::will_read`); what few need is last.
  Connection& connection_;
  Host* host_ = nullptr;
  Incarnation* holder_ = nullptr;  // while the program holds the stream
  Link* link_ = nullptr;
  Role role_;
  State state_ = State::none;
  Waiting waiting_ = Waiting::nothing;
  bool held_ = false;    // the program has a handle
  bool closed_ = false;  // closed by the program or its death: nobody will read
  bool queued_ = false;  // in the listener's accept queue
  bool fin_queued_ = false;
  bool fin_sent_ = false;
  bool fin_acknowledged_ = false;
  bool fin_received_ = false;
  bool peer_ended_first_ = false;  // so TIME_WAIT is the peer's
  bool hung_up_ = false;           // by a fault that nobody has noticed yet
  bool lost_power_ = false;
  bool probe_was_new_ = false;  // the tail loss probe took new data along
  bool limit_known_ = false;    // a loss has shown how much is too much
  std::uint64_t draws_ = 0;     // the key of all draws that concern this end
  std::uint64_t emitted_ = 0;   // segments: the coordinate of each one's draws

  // what this end receives; the bytes lie in the peer's `outgoing_`
  std::uint64_t received_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t advertised_ = 0;  // the limit that the peer was told
  DelayedAck delayed_ack_;
  TimePoint recent_;  // when the first of what is not acknowledged was sent
  TimePoint last_heard_;
  RangeSet out_of_order_;
  std::uint64_t fin_at_ = UINT64_MAX;  // the peer's FIN, once seen

  // what this end sends
  ByteRing outgoing_;  // from what the peer still needs to what was written
  std::uint64_t acknowledged_ = 0;
  std::uint64_t next_ = 0;           // the first byte not sent yet
  std::uint64_t limit_ = 0;          // the peer takes data up to here
  std::uint64_t segment_bytes_ = 0;  // the most in one segment, as both ends and the links allow
  TimerKey last_arrival_;            // of what this end sent: segments do not overtake
  TimePoint last_sent_;

  // what the peer has of it, and what the network bears
  SegmentLog sent_;     // between `acknowledged_` and `next_`
  RangeSet selective_;  // acknowledged beyond `acknowledged_`
  std::uint64_t acknowledged_segments_ = 0;
  std::uint64_t window_ = 0;  // congestion window, segments
  std::uint64_t slow_start_until_ = UINT64_MAX;
  std::uint64_t recovery_point_ = 0;      // recovering from a loss until this is acknowledged
  std::uint64_t allowance_ = UINT64_MAX;  // segments that may be sent until more is delivered

  // RFC 6298
  Duration timeout_{0};
  Duration smoothed_{0};
  Duration variation_{0};
  std::uint32_t backoff_ = 0;  // how often the time-out was doubled
  std::uint32_t tries_ = 0;    // since the peer was last heard of

  // the tail loss probe
  std::uint64_t probed_up_to_ = 0;  // tlp_high_seq; 0: none is on its way
  TimePoint probe_from_;            // what the wait for it began with
  Duration probe_after_{0};

  TimePoint timer_at_;
  KernelTimer timer_;
  AckTimer ack_timer_;
  WakeTimer wake_timer_;

  Endpoint local_;
  Endpoint remote_;
  KeepAlive keep_alive_{};
  ConnectOperation* connecting_ = nullptr;
  SimListener* listener_ = nullptr;  // until accepted
  std::uint64_t toward_growth_ = 0;  // acknowledged since the window grew last
  TimePoint growth_seen_;
  HyStart hystart_;
  std::uint64_t lost_before_ = 0;    // what is missing below this is presumed lost
  std::uint64_t resent_before_ = 0;  // and was sent again up to here
  TimePoint head_resent_;            // when the first gap was sent again, or became the first
  std::uint32_t signs_of_loss_ = 0;  // acknowledgements in a row that show a gap
  Range latest_out_of_order_;
  TimePoint first_retry_;  // of `tries_`
  std::error_code error_;  // reported once, like SO_ERROR

  friend class Connection;
  friend class SimListener;
};

// Both ends; lives until neither a program, nor a kernel, nor a segment in flight needs it.
class Connection {
 public:
  Connection(World::Impl& in, ConnectionId named) noexcept
      : world(in), id(named), client(*this, Role::client), server(*this, Role::server) {}

  static void* operator new(std::size_t bytes) { return block_pool::allocate(bytes); }
  static void operator delete(void* memory, std::size_t bytes) noexcept {
    block_pool::deallocate(memory, bytes);
  }

  TcpEnd& end(Role role) noexcept { return role == Role::client ? client : server; }
  bool finished() const noexcept {
    return in_flight == 0 && client.finished() && server.finished();
  }

  World::Impl& world;
  ConnectionId id;
  TcpEnd client;
  TcpEnd server;
  Endpoint target;            // what the client asked for
  HostId server_host = 0;     // where that is, or `nowhere`
  std::uint64_t ordinal = 0;  // which connect of the one host to the other, from 1
  std::uint32_t in_flight = 0;
  bool severed = false;  // by a hang-up: what arrives gets no further than the wire
  bool reap_listed = false;
  std::size_t world_slot = static_cast<std::size_t>(-1);
};

}  // namespace piccolo
