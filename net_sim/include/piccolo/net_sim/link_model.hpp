#pragma once

// What one direction between two machines does to packets: latency, loss, duplication, reordering,
// bandwidth with a finite queue, and what faults add to that. A pure model of time: it neither
// holds packets nor knows what is in them, so the simulated links run on it, and so can a relay
// that moves the packets of real kernels.

#include <array>
#include <cstdint>
#include <vector>

#include "piccolo/core/random.hpp"
#include "piccolo/core/time.hpp"

namespace piccolo {

// One way. Each packet draws its own latency; packets of one flow do not overtake each other.
struct LatencyModel {
  enum class Shape : std::uint8_t {
    constant,     // `base`
    uniform,      // `base` to `base + spread`
    exponential,  // `base` plus an exponential with mean `spread` (cut off at 16 times the mean)
    long_tailed,  // `base` plus `spread` / 2^k with k geometric: mostly `base`, seldom all of it
  };
  Shape shape = Shape::constant;
  Duration base = std::chrono::microseconds(100);
  Duration spread{0};

  Duration draw(Draws& draws) const noexcept;
  bool operator==(const LatencyModel&) const = default;
};

// Probabilities are parts per million: integers give the same decisions everywhere.
inline constexpr std::uint32_t ppm_always = 1'000'000;

struct LinkOptions {
  LinkOptions() noexcept = default;
  // A link that does nothing but take its time.
  LinkOptions(const LatencyModel& model) noexcept : latency(model) {}  // NOLINT(*-explicit-*)

  LatencyModel latency;
  std::uint32_t loss_ppm = 0;
  std::uint32_t duplicate_ppm = 0;
  // A reordered packet is held back by up to `reorder_by`, and its successors pass it.
  std::uint32_t reorder_ppm = 0;
  Duration reorder_by = std::chrono::milliseconds(1);
  // Of IP packets, headers included; 0: unlimited. Packets wait for their turn in a queue of
  // `queue_bytes`; what does not fit is dropped (tail drop).
  std::uint64_t bandwidth_bytes_per_second = 0;
  std::uint64_t queue_bytes = 262'144;
  std::uint32_t mtu_bytes = 1500;

  bool operator==(const LinkOptions&) const = default;
};

// Empty when the options make sense, else one line that names the member and the cure.
std::string_view complaint_about(const LinkOptions& options) noexcept;

// What becomes of one packet.
struct PacketFate {
  enum class Loss : std::uint8_t { none, cut, chance, fault, queue_full };
  Loss loss = Loss::none;
  std::uint8_t copies = 1;  // 0: lost; 2: duplicated
  TimePoint departs;        // leaves the queue
  std::array<TimePoint, 2> arrivals{};
  bool reordered = false;  // what is sent later may arrive earlier
  // Which faults had a hand in it.
  bool delayed_by_fault = false;
  bool duplicated_by_fault = false;
  bool reordered_by_fault = false;
  bool throttled_by_fault = false;
};

class LinkModel {
 public:
  explicit LinkModel(const LinkOptions& options) noexcept : options_(options) { classify(); }

  // Sends `bytes` (IP header included) now. `not_before` is when the last packet of the same flow
  // arrives; a packet that is not reordered arrives then at the earliest.
  PacketFate send(TimePoint now, std::uint32_t bytes, TimePoint not_before, Draws& draws) noexcept;

  // Does it do nothing but take the time that its latency draws? Then `send` may be spared.
  bool is_plain() const noexcept { return plain_; }

  const LinkOptions& options() const noexcept { return options_; }
  void set_options(const LinkOptions& options) noexcept {
    options_ = options;
    classify();
  }

  // ---- faults; all of them nest, and are taken back one by one ----

  void cut() noexcept {
    ++cuts_;
    classify();
  }
  void mend() noexcept;
  bool is_cut() const noexcept { return cuts_ > 0; }
  std::uint32_t cuts() const noexcept { return cuts_; }
  void add_delay(Duration extra) noexcept;
  void remove_delay(Duration extra) noexcept;
  // Parts per million on top of the link's own; more than all is all.
  void add_loss(std::uint32_t ppm) noexcept {
    extra_.loss_ppm += ppm;
    classify();
  }
  void remove_loss(std::uint32_t ppm) noexcept;
  void add_duplication(std::uint32_t ppm) noexcept {
    extra_.duplicate_ppm += ppm;
    classify();
  }
  void remove_duplication(std::uint32_t ppm) noexcept;
  void add_reordering(std::uint32_t ppm, Duration by) noexcept;
  void remove_reordering(std::uint32_t ppm, Duration by) noexcept;
  // The smallest of all throttles and of the link's own bandwidth counts. Whoever changes it while
  // packets wait empties the queue and lets them depart anew, in their order.
  void throttle(std::uint64_t bytes_per_second) {
    throttles_.push_back(bytes_per_second);
    classify();
  }
  void unthrottle(std::uint64_t bytes_per_second) noexcept;
  bool is_limited() const noexcept { return rate() != 0; }
  void empty_queue(TimePoint now) noexcept { wire_free_at_ = now; }
  // Takes its turn in the queue, however full, and tells when it leaves.
  TimePoint depart(TimePoint now, std::uint32_t bytes) noexcept;

 private:
  struct Extra {
    Duration delay{0};
    std::uint64_t loss_ppm = 0;
    std::uint64_t duplicate_ppm = 0;
    std::uint64_t reorder_ppm = 0;
    Duration reorder_by{0};  // the sum: as good as any, and exact to take back
  };

  std::uint64_t rate() const noexcept;  // bytes per second; 0: unlimited
  bool queue_has_room(TimePoint now, std::uint32_t bytes) const noexcept;
  void classify() noexcept;

  LinkOptions options_;
  std::uint32_t cuts_ = 0;
  Extra extra_;
  std::vector<std::uint64_t> throttles_;
  bool plain_ = true;
  TimePoint wire_free_at_;  // when all that is queued will have left
};

}  // namespace piccolo
