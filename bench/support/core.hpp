#pragma once

// Which core does the work. On a shared machine they are not alike: somebody else may use the other
// half of one, and the same program takes half as long again there.

#include <sched.h>
#include <sys/types.h>

namespace piccolo::bench {

// The n-th core, from 0, of those that this process was allowed at its start; -1 when it has fewer.
int core(int number);
// That on which a fixed piece of work took the least time, when last looked for.
int fastest_core();
// One that is not the fastest; -1 when there is no other.
int another_core();
// For each case anew: others come and go.
void look_for_fastest_core();

// `process` stays on that core from now on; 0 is the calling thread. Nothing happens for -1.
void pin(pid_t process, int core) noexcept;

// While it lives, the calling thread, and what it starts, stay on a core.
class OnCore {
 public:
  explicit OnCore(int core) noexcept;
  ~OnCore();
  OnCore(const OnCore&) = delete;
  OnCore& operator=(const OnCore&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace piccolo::bench
