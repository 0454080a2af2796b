#include <bit>

#include "piccolo/net_sim/options.hpp"

namespace piccolo {

Duration LatencyModel::draw(Draws& draws) const noexcept {
  if (shape == Shape::constant || spread.count() == 0) return base;
  const std::uint64_t random = draws.next();
  const auto width = static_cast<std::uint64_t>(spread.count());
  if (shape == Shape::uniform) {
    return base + Duration(static_cast<std::int64_t>(scale_to(random, width + 1)));
  }
  // k is geometric with ratio 1/2: the extra latency halves as often as a coin falls heads.
  const auto heads = static_cast<unsigned>(std::countl_zero(random | 1U));
  const std::uint64_t ceiling = width >> (16U - (heads < 16U ? heads : 16U));
  return base + Duration(static_cast<std::int64_t>(scale_to(mix64(random), ceiling + 1)));
}

}  // namespace piccolo
