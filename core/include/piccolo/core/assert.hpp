#pragma once

// Assertions that stay on in every build: a simulator that goes on after a broken assumption lies.

namespace piccolo {

// Prints `file:line: what` to standard error and aborts.
[[noreturn]] void assertion_failed(const char* file, int line, const char* what) noexcept;

}  // namespace piccolo

// The message says what the caller did wrong, not what the expression was.
#define PICCOLO_ASSERT(condition, message)             \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::piccolo::assertion_failed(__FILE__, __LINE__, message))
