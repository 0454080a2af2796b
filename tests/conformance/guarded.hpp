#pragma once

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "worlds.hpp"

namespace piccolo::conformance {

// The program, canceled when its time is up; throws then, and tells where it stood.
Task<void> guarded(Env& env, Program program, Duration patience);

}  // namespace piccolo::conformance
