#include "fault_strength.hpp"

#include <algorithm>

namespace piccolo {
namespace {

constexpr std::uint64_t duration_magnitudes = 4;

// 1 to 128 in a minute, by magnitudes. The lower of two draws: strong seeds are dear, and it takes
// fewer of them. The mean is 11 a minute.
constexpr std::uint64_t rate_magnitudes = 7;
// Without a swarm: about the mean of what swarm seeds have that have the kind.
constexpr FaultRate medium{10, std::chrono::minutes(1)};

FaultRate draw_rate(Draws& draws) {
  const std::uint64_t one = draws.below(rate_magnitudes);
  const std::uint64_t other = draws.below(rate_magnitudes);
  const std::uint64_t low = std::uint64_t{1} << std::min(one, other);
  // In thousandths, since between 1 and 2 in a minute there is more than nothing.
  const std::uint64_t thousandths = draws.between(low * 1000, low * 2000);
  return {static_cast<std::uint32_t>(thousandths), std::chrono::minutes(1000)};
}

}  // namespace

Strength draw_strength(const KindProfile& profile, bool swarm, Draws& draws) {
  const bool on = draws.chance(2, 5);
  const FaultRate rate = draw_rate(draws);
  const std::uint64_t one = draws.below(duration_magnitudes);
  const std::uint64_t other = draws.below(duration_magnitudes);
  if (swarm && !on) return {.rate = {0, std::chrono::minutes(1)}};
  Strength strength{.rate = swarm ? rate : medium, .count_min = 1};
  if (profile.rate) strength = {.rate = *profile.rate};
  if (!swarm) return strength;
  strength.shortest = std::min(one, other);
  strength.longest = std::max(one, other);
  return strength;
}

std::uint64_t draw_count(const Strength& strength, Duration window, Draws& draws) {
  __extension__ using Wide = unsigned __int128;
  const auto per = static_cast<std::uint64_t>(strength.rate.per.count());
  const Wide expected = Wide{strength.rate.count} * static_cast<std::uint64_t>(window.count());
  const auto whole = static_cast<std::uint64_t>(expected / per);
  const auto rest = static_cast<std::uint64_t>(expected % per);
  const std::uint64_t count = whole + (draws.chance(rest, per) ? 1 : 0);
  return std::max(count, strength.count_min);
}

Duration draw_lasting(const Strength& strength, Duration most, Draws& draws) {
  const std::uint64_t magnitude = draws.between(strength.shortest, strength.longest);
  Duration low = shortest_fault;
  for (std::uint64_t step = 0; step < magnitude; ++step) low *= 6;
  return std::min({draws.between(low, low * 6), longest_fault, most});
}

}  // namespace piccolo
