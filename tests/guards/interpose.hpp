#pragma once

// The guard of the simulator: this executable has its own clock_gettime, getrandom, pthread_create
// and so on. They forward to the C library's, except while simulated code runs: then they name
// themselves on standard error and abort. Out of reach are system calls made by the C library
// within itself, and instructions such as rdtsc and rdrand (hence std::random_device on x86):
// those are left to the lint.

#include <span>
#include <string>

namespace piccolo::guards {

// While one exists, this thread runs simulated code.
class SimulatedCode {
 public:
  SimulatedCode() noexcept;
  ~SimulatedCode();
  SimulatedCode(const SimulatedCode&) = delete;
  SimulatedCode& operator=(const SimulatedCode&) = delete;
};

// What is guarded.
std::span<const std::string> interposed_functions();

}  // namespace piccolo::guards
