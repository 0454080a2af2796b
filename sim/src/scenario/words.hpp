#pragma once

// Words that the reader and the writer share.

#include <array>
#include <string_view>

namespace piccolo::sim {

// In the order of `Heal`.
inline constexpr std::array<std::string_view, 3> heal_names{"drawn", "all", "core"};
// As `Scenario::layout_drawn` and `usual_kernels` say: the second if true.
inline constexpr std::array<std::string_view, 2> layout_names{"named", "drawn"};
inline constexpr std::array<std::string_view, 2> kernel_names{"drawn", "usual"};
// As `Repro::breaks` says.
inline constexpr std::array<std::string_view, 2> expectation_names{"holds", "breaks"};
// In the order of `LatencyModel::Shape`.
inline constexpr std::array<std::string_view, 4> shape_names{"constant", "uniform", "exponential",
                                                             "long-tailed"};
inline constexpr std::string_view unlimited = "unlimited";  // a bandwidth
inline constexpr const char* mixed_order = "mixed";         // the seed draws one

}  // namespace piccolo::sim
