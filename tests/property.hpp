#pragma once

// Catch2 and rapidcheck: `rc::prop("...", [](int a) { RC_ASSERT(...); })` inside a TEST_CASE.
// A failure prints the smallest counterexample and an RC_PARAMS line that runs it again.

#include <iostream>

// In this order: rapidcheck's adapter uses Catch2's macros without including version 3 itself.
#include "catch.hpp"
// A line to itself, so that nothing sorts it above Catch2.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>
