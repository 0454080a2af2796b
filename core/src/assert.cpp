#include "piccolo/core/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace piccolo {

void assertion_failed(const char* file, int line, const char* what) noexcept {
  static_cast<void>(std::fprintf(stderr, "%s:%d: %s\n", file, line, what));
  std::abort();
}

}  // namespace piccolo
