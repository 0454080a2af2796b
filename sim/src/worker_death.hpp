#pragma once

// What is said of a worker process that died in a seed.

#include <string>
#include <string_view>

#include "piccolo/sim/run_result.hpp"

namespace piccolo::sim {

// "SIGSEGV", or "exit code 3"; `status` is that of `waitpid`.
std::string cause_of_death(int status);

// A violation of `crash`. The first line of the detail is the cause and what `errors`, the end of
// what was written to standard error, says of it: the line of a sanitizer, an assertion, an
// exception, or the last one. Then the last lines of `errors`, 4 KiB at most.
Violation crash_violation(int status, std::string_view errors);

// A violation of `hang`, with the stack if `errors` has one.
Violation hang_violation(Duration patience, std::string_view errors);

}  // namespace piccolo::sim
