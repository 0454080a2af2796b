// Compiled by a test, never linked. Without AWAITED it must not compile.

#include "piccolo/core/task.hpp"

piccolo::Task<void> child() { co_return; }

piccolo::Task<void> parent() {
#ifdef AWAITED
  co_await child();
#else
  child();
#endif
  co_return;
}
