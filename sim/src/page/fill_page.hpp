#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

namespace piccolo::sim {

// JSON that may stand in a <script>: names and logs are the programs' own, and could end it.
std::string script_text(const nlohmann::ordered_json& json);

// The page with its data at its place. Throws UsageError when the build has no page.
std::string fill_page(std::span<const std::string_view> page, std::string_view data);

}  // namespace piccolo::sim
