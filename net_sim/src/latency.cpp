#include <bit>

#include "piccolo/net_sim/link_model.hpp"

namespace piccolo {
namespace {

// An exponential of mean `mean` by inversion, in 32-bit fixed point: -ln(U) = ln 2 * -log2(U), with
// U = 2^-(k+1) * (1 + f) and log2(1 + f) = f + 0.3466 * f * (1 - f), which is off by less than
// 0.01.
std::uint64_t exponential(std::uint64_t random, std::uint64_t mean) noexcept {
  __extension__ using Wide = unsigned __int128;
  constexpr std::uint64_t one = std::uint64_t{1} << 32U;
  constexpr std::uint64_t bend = 1'488'640'000;  // 0.3466
  constexpr std::uint64_t ln_2 = 2'977'044'472;
  constexpr std::uint64_t most = 16 * one;
  const auto k = static_cast<std::uint64_t>(std::countl_zero(random | 1U));
  const std::uint64_t f = (random << ((k + 1) % 64U)) >> 32U;
  const std::uint64_t log_2 = f + ((((f * (one - f)) >> 32U) * bend) >> 32U);
  const auto value = static_cast<std::uint64_t>((Wide{(k + 1) * one - log_2} * ln_2) >> 32U);
  return static_cast<std::uint64_t>((Wide{mean} * (value < most ? value : most)) >> 32U);
}

}  // namespace

Duration LatencyModel::draw(Draws& draws) const noexcept {
  if (shape == Shape::constant || spread.count() == 0) return base;
  const std::uint64_t random = draws.next();
  const auto width = static_cast<std::uint64_t>(spread.count());
  if (shape == Shape::uniform) {
    return base + Duration(static_cast<std::int64_t>(scale_to(random, width + 1)));
  }
  if (shape == Shape::exponential) {
    return base + Duration(static_cast<std::int64_t>(exponential(random, width)));
  }
  // k is geometric with ratio 1/2: the extra latency halves as often as a coin falls heads.
  const auto heads = static_cast<unsigned>(std::countl_zero(random | 1U));
  const std::uint64_t ceiling = width >> (16U - (heads < 16U ? heads : 16U));
  return base + Duration(static_cast<std::int64_t>(scale_to(mix64(random), ceiling + 1)));
}

}  // namespace piccolo
