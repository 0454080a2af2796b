#pragma once

// Words that the reader and the writer share.

#include <array>
#include <string_view>

namespace piccolo::sim {

// In the order of `Heal`.
inline constexpr std::array<std::string_view, 3> heal_names{"drawn", "all", "core"};
// In the order of `LatencyModel::Shape`.
inline constexpr std::array<std::string_view, 4> shape_names{"constant", "uniform", "exponential",
                                                             "long-tailed"};
inline constexpr std::string_view unlimited = "unlimited";  // a bandwidth
inline constexpr const char* mixed_order = "mixed";         // the seed draws one

}  // namespace piccolo::sim
