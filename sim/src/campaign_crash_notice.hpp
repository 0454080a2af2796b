#pragma once

// A crash while a campaign runs on threads ends the process; the last thing that it says is which
// seed it was:
//   seed 7 was running when the process crashed (SIGSEGV); run it by itself, or the campaign with
//   --isolate
// Signals go on to whoever handled them before, so that core dumps and the reports of sanitizers
// still come. A sanitizer that ends the process by itself, and a program that calls `exit`, are
// told of as well.

#include <cstdint>

namespace piccolo::sim {

// While one lives, crashes are told of. Several may.
class CrashNotice {
 public:
  CrashNotice();
  ~CrashNotice();
  CrashNotice(const CrashNotice&) = delete;
  CrashNotice& operator=(const CrashNotice&) = delete;
};

// For a thread that runs seeds: a stack for the handler, so that a stack that is full can be told
// of.
class CrashStack {
 public:
  CrashStack();
  ~CrashStack();
  CrashStack(const CrashStack&) = delete;
  CrashStack& operator=(const CrashStack&) = delete;

 private:
  void* memory_ = nullptr;
};

// What the calling thread runs, for as long as it lives.
class RunningSeed {
 public:
  explicit RunningSeed(std::uint64_t seed) noexcept;
  ~RunningSeed();
  RunningSeed(const RunningSeed&) = delete;
  RunningSeed& operator=(const RunningSeed&) = delete;
};

}  // namespace piccolo::sim
