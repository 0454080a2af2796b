#pragma once

// The files of /scenarios, as the build put them into the library: embed_scenarios.cmake.

#include <span>
#include <string_view>

namespace piccolo::sim {

struct EmbeddedFile {
  std::string_view name;  // without `.toml`
  std::string_view text;
};

std::span<const EmbeddedFile> embedded_scenarios();  // by name

}  // namespace piccolo::sim
