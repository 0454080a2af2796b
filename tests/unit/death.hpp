#pragma once

#include <functional>
#include <string>

namespace piccolo::test {

// Runs `action` in a child process; the text it wrote to standard error when it ended by SIGABRT,
// otherwise a line that says how it ended instead.
std::string abort_message(const std::function<void()>& action);

}  // namespace piccolo::test
