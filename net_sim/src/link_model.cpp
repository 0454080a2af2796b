#include "piccolo/net_sim/link_model.hpp"

#include <algorithm>

#include "piccolo/core/assert.hpp"

namespace piccolo {
namespace {

__extension__ using WideUnsigned = unsigned __int128;
constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

Duration time_on_wire(std::uint64_t bytes, std::uint64_t bytes_per_second) noexcept {
  const WideUnsigned nanoseconds = WideUnsigned{bytes} * nanoseconds_per_second / bytes_per_second;
  constexpr auto most = static_cast<WideUnsigned>(Duration::max().count());
  return Duration(static_cast<std::int64_t>(std::min(nanoseconds, most)));
}

std::uint64_t bytes_in(Duration time, std::uint64_t bytes_per_second) noexcept {
  const WideUnsigned bytes = WideUnsigned{static_cast<std::uint64_t>(time.count())} *
                             bytes_per_second / nanoseconds_per_second;
  return static_cast<std::uint64_t>(std::min(bytes, WideUnsigned{UINT64_MAX}));
}

// Does an event of `own` + `extra` parts per million happen, and is it the fault's doing?
struct Chance {
  bool happens = false;
  bool by_fault = false;
};
Chance chance(std::uint64_t own, std::uint64_t extra, Draws& draws) noexcept {
  if (own + extra == 0) return {};
  const std::uint64_t drawn = draws.below(ppm_always);
  return {drawn < own + extra, drawn >= own};
}

}  // namespace

std::string_view complaint_about(const LinkOptions& options) noexcept {
  const LatencyModel& latency = options.latency;
  if (latency.base.count() < 0 || latency.spread.count() < 0) {
    return "a link has a negative latency: base and spread must be 0 or more";
  }
  // 16: an exponential goes that far beyond its base.
  if (latency.spread > (Duration::max() - latency.base) / 16) {
    return "a link has a latency beyond the end of time: make base and spread smaller";
  }
  if (options.loss_ppm > ppm_always || options.duplicate_ppm > ppm_always ||
      options.reorder_ppm > ppm_always) {
    return "a link has a probability above 1,000,000 parts per million";
  }
  if (options.reorder_by.count() < 0) return "a link's reorder_by is negative";
  if (options.mtu_bytes < 576 || options.mtu_bytes > 65535) {
    return "a link's mtu_bytes must be within 576 and 65535 (RFC 791)";
  }
  if (options.bandwidth_bytes_per_second > 0 && options.queue_bytes < options.mtu_bytes) {
    return "a link's queue_bytes must hold one packet of mtu_bytes at least";
  }
  return {};
}

PacketFate LinkModel::send(TimePoint now, std::uint32_t bytes, TimePoint not_before,
                           Draws& draws) noexcept {
  PacketFate fate;
  const auto drop = [&fate](PacketFate::Loss why) {
    fate.loss = why;
    fate.copies = 0;
    return fate;
  };
  if (cuts_ > 0) return drop(PacketFate::Loss::cut);
  // First, so that neither losses nor faults move the latencies of other seeds' packets.
  const Duration latency = options_.latency.draw(draws);
  if (!queue_has_room(now, bytes)) return drop(PacketFate::Loss::queue_full);
  fate.departs = depart(now, bytes);
  const std::uint64_t own_rate = options_.bandwidth_bytes_per_second;
  fate.throttled_by_fault = own_rate != rate();
  const Chance loss = chance(options_.loss_ppm, extra_.loss_ppm, draws);
  if (loss.happens) return drop(loss.by_fault ? PacketFate::Loss::fault : PacketFate::Loss::chance);
  TimePoint arrival = saturating_add(saturating_add(fate.departs, latency), extra_.delay);
  fate.delayed_by_fault = extra_.delay.count() > 0;
  const Chance reorder = chance(options_.reorder_ppm, extra_.reorder_ppm, draws);
  if (reorder.happens) {
    fate.reordered = true;
    fate.reordered_by_fault = reorder.by_fault;
    const Duration most = reorder.by_fault ? extra_.reorder_by : options_.reorder_by;
    arrival = saturating_add(arrival, draws.between(Duration(0), most));
  } else {
    arrival = std::max(arrival, not_before);
  }
  fate.arrivals[0] = arrival;
  const Chance duplicate = chance(options_.duplicate_ppm, extra_.duplicate_ppm, draws);
  if (duplicate.happens) {
    fate.copies = 2;
    fate.duplicated_by_fault = duplicate.by_fault;
    const TimePoint again = saturating_add(fate.departs, options_.latency.draw(draws));
    fate.arrivals[1] = std::max(arrival, saturating_add(again, extra_.delay));
  }
  return fate;
}

void LinkModel::classify() noexcept {
  const std::uint64_t chances = options_.loss_ppm + options_.duplicate_ppm + options_.reorder_ppm +
                                extra_.loss_ppm + extra_.duplicate_ppm + extra_.reorder_ppm;
  plain_ = cuts_ == 0 && chances == 0 && extra_.delay.count() == 0 && !is_limited();
}

std::uint64_t LinkModel::rate() const noexcept {
  std::uint64_t rate = options_.bandwidth_bytes_per_second;
  for (const std::uint64_t throttle : throttles_) {
    if (rate == 0 || throttle < rate) rate = throttle;
  }
  return rate;
}

bool LinkModel::queue_has_room(TimePoint now, std::uint32_t bytes) const noexcept {
  const std::uint64_t limit = rate();
  if (limit == 0 || wire_free_at_ <= now) return true;
  return bytes_in(wire_free_at_ - now, limit) + bytes <= options_.queue_bytes;
}

TimePoint LinkModel::depart(TimePoint now, std::uint32_t bytes) noexcept {
  const std::uint64_t limit = rate();
  if (limit == 0) return now;
  wire_free_at_ = saturating_add(std::max(wire_free_at_, now), time_on_wire(bytes, limit));
  return wire_free_at_;
}

void LinkModel::mend() noexcept {
  PICCOLO_ASSERT(cuts_ > 0, "a link was mended that is not cut");
  --cuts_;
  classify();
}

void LinkModel::add_delay(Duration extra) noexcept {
  PICCOLO_ASSERT(extra.count() >= 0, "a link was given a negative delay");
  PICCOLO_ASSERT(extra <= Duration::max() - extra_.delay, "delays add up beyond the end of time");
  extra_.delay += extra;
  classify();
}

void LinkModel::remove_delay(Duration extra) noexcept {
  PICCOLO_ASSERT(extra_.delay >= extra, "a delay was removed that was never added");
  extra_.delay -= extra;
  classify();
}

void LinkModel::remove_loss(std::uint32_t ppm) noexcept {
  PICCOLO_ASSERT(extra_.loss_ppm >= ppm, "a loss was removed that was never added");
  extra_.loss_ppm -= ppm;
  classify();
}

void LinkModel::remove_duplication(std::uint32_t ppm) noexcept {
  PICCOLO_ASSERT(extra_.duplicate_ppm >= ppm, "a duplication was removed that was never added");
  extra_.duplicate_ppm -= ppm;
  classify();
}

void LinkModel::add_reordering(std::uint32_t ppm, Duration by) noexcept {
  PICCOLO_ASSERT(by.count() >= 0 && by <= Duration::max() - extra_.reorder_by,
                 "a link was told to reorder by a time that is none");
  extra_.reorder_ppm += ppm;
  extra_.reorder_by += by;
  classify();
}

void LinkModel::remove_reordering(std::uint32_t ppm, Duration by) noexcept {
  PICCOLO_ASSERT(extra_.reorder_ppm >= ppm && extra_.reorder_by >= by,
                 "a reordering was removed that was never added");
  extra_.reorder_ppm -= ppm;
  extra_.reorder_by -= by;
  classify();
}

void LinkModel::unthrottle(std::uint64_t bytes_per_second) noexcept {
  const auto found = std::find(throttles_.begin(), throttles_.end(), bytes_per_second);
  PICCOLO_ASSERT(found != throttles_.end(), "a throttle was removed that was never added");
  throttles_.erase(found);
  classify();
}

}  // namespace piccolo
