#pragma once

// The data that a report page carries.

#include <nlohmann/json.hpp>
#include <string>

namespace piccolo::test {

nlohmann::json page_data(const std::string& page);

// The sum of all up to each: columns that grow slowly are written as differences.
std::vector<std::uint64_t> summed(const nlohmann::json& differences);

}  // namespace piccolo::test
