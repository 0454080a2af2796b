#pragma once

// For what a test cannot do in its own process, because it does not survive it.

#include <functional>
#include <string>

#include "sanitized.hpp"

namespace piccolo::campaign_test {

// A sanitizer has its own report of a crash, and a worker writes no stack.
using test::sanitized;

struct ChildEnd {
  int status = 0;      // of `waitpid`
  std::string errors;  // all that it wrote to standard error
};

// `action` in a forked process, without Catch2's signal handlers, and without core dumps; exit code
// 0 when it returns.
ChildEnd in_child(const std::function<void()>& action);

// Without Catch2's handlers for a while: they would report what a test does on purpose.
class NoSignalHandlers {
 public:
  NoSignalHandlers();
  ~NoSignalHandlers();
  NoSignalHandlers(const NoSignalHandlers&) = delete;
  NoSignalHandlers& operator=(const NoSignalHandlers&) = delete;

 private:
  struct Before;
  Before* before_;
};

}  // namespace piccolo::campaign_test
