#pragma once

// The pages as the build put them into the library, with all but their data: embed_pages.cmake.

#include <span>
#include <string_view>

namespace piccolo::sim {

// In pieces, as no compiler has to take longer literals. Empty when the build lacked something.
std::span<const std::string_view> embedded_run_page() noexcept;
std::span<const std::string_view> embedded_campaign_page() noexcept;

}  // namespace piccolo::sim
