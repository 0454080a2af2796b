#pragma once

// Catch2, version 2 (Debian 12) or 3, and what the two call differently.

#include <string>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>

namespace piccolo::test {

inline auto contains_text(const std::string& text) {
  return Catch::Matchers::ContainsSubstring(text);
}

}  // namespace piccolo::test
#else
#include <catch2/catch.hpp>

namespace piccolo::test {

inline auto contains_text(const std::string& text) { return Catch::Matchers::Contains(text); }

}  // namespace piccolo::test
#endif
