#pragma once

#include <functional>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::netns {

using Program = std::function<Task<void>(Env&)>;

// The program, canceled when its time is up; throws then, and tells where it stood.
Task<void> guarded(Env& env, Program program, Duration patience);

}  // namespace piccolo::netns
