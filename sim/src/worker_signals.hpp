#pragma once

// Signals in a worker process: a worker that dies says on standard error where it was.

#include <string_view>

namespace piccolo::sim {

// In front of the stack, one frame a line.
inline constexpr std::string_view worker_stack_headline = "stack of the worker:\n";

// Makes a worker that hangs write its stack and end.
extern const int worker_quit_signal;

// Undoes what the campaign's process had installed, except where a sanitizer has its own report.
void install_worker_signals();

}  // namespace piccolo::sim
