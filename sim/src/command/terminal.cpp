#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace piccolo::sim {

bool is_set(const char* variable) noexcept {
  // No other thread runs yet, nor does anything here set variables.
  const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && *value != '\0';
}

bool is_terminal(int descriptor) noexcept { return isatty(descriptor) == 1; }

bool wants_colors(int descriptor) noexcept {
  return is_terminal(descriptor) && !is_set("NO_COLOR");
}

std::size_t columns_of(int descriptor) noexcept {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

}  // namespace piccolo::sim
