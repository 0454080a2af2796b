#include "hystart.hpp"

#include <algorithm>

namespace piccolo {
namespace {

using std::chrono::milliseconds;

constexpr std::uint32_t samples_needed = 8;              // HYSTART_MIN_SAMPLES
constexpr Duration train_spacing_max = milliseconds(2);  // hystart_ack_delta_us
constexpr Duration grouping_max = milliseconds(1);       // hystart_ack_delay()
constexpr Duration queue_min = milliseconds(4);          // HYSTART_DELAY_MIN
constexpr Duration queue_max = milliseconds(16);         // HYSTART_DELAY_MAX

}  // namespace

void HyStart::begin_round(TimePoint now, std::uint64_t until) noexcept {
  round_until_ = until;
  round_began_ = last_of_train_ = now;
  least_of_round_ = Duration::max();
  samples_ = 0;
}

bool HyStart::enough(TimePoint now, Duration sample, std::uint64_t acknowledged,
                     std::uint64_t next) noexcept {
  least_ = std::min(least_, sample);
  if (acknowledged > round_until_) begin_round(now, next);
  // Acknowledgements that come close upon each other for half a round trip: what is under way,
  // twice as much in the next round, fills the way.
  if (now - last_of_train_ < train_spacing_max) {
    last_of_train_ = now;
    if (now - round_began_ > (least_ + grouping_max) / 2) return true;
  }
  // The round trip has become longer: a queue has formed.
  least_of_round_ = std::min(least_of_round_, sample);
  if (samples_ < samples_needed) {
    ++samples_;
    return false;
  }
  return least_of_round_ > least_ + std::clamp(least_ / 8, queue_min, queue_max);
}

}  // namespace piccolo
