#pragma once

// One small world as it was when a seed broke it, and as it became: with another draw, another log
// line, another host. What breaks is the same: n2 calls n1 every 200 ms, and gives up for good when
// several calls in a row failed.

#include "piccolo/sim/world_description.hpp"

namespace piccolo::test {

enum class Since { nothing, another_draw, another_log_line, another_host, a_host_in_front };

// Of one name, with the parameter `callers` that call besides n2.
// `patience`: how many calls in a row may fail; 3 until the mistake is mended.
sim::WorldDescription impatient(Since since, int patience = 3);
constexpr int mended = 1'000'000;

}  // namespace piccolo::test
