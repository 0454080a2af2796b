#include <csignal>

#include "catch.hpp"
#include "worker_death.hpp"

namespace piccolo::campaign_test {
namespace {

constexpr int exited_with_3 = 3 << 8;  // as `waitpid` has it

std::string first_line(const sim::Violation& violation) {
  return violation.detail.substr(0, violation.detail.find('\n'));
}

}  // namespace

TEST_CASE("what a worker died of is told in a word") {
  CHECK(sim::cause_of_death(SIGSEGV) == "SIGSEGV");
  CHECK(sim::cause_of_death(SIGUSR1) == "signal 10");
  CHECK(sim::cause_of_death(exited_with_3) == "exit code 3");
}

TEST_CASE("the line that names the mistake comes first") {
  const auto headline = [](std::string_view errors) {
    return first_line(sim::crash_violation(SIGABRT, errors));
  };
  CHECK(headline("") == "SIGABRT");
  CHECK(headline("chatter\nfile.cpp:12: it was wrong\n\n") == "SIGABRT: file.cpp:12: it was wrong");
  CHECK(headline("p: f.cpp:1: int f(): Assertion `x' failed.\nand more") ==
        "SIGABRT: p: f.cpp:1: int f(): Assertion `x' failed.");
  CHECK(headline("terminate called after throwing an instance of 'E'\n  what():  a straw\n") ==
        "SIGABRT: terminate called after throwing an instance of 'E': a straw");
  CHECK(headline("==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010\n"
                 "    #0 0x55 in f\nSUMMARY: AddressSanitizer: heap-use-after-free f.cpp:3 in f\n"
                 "==1==ABORTING\n") ==
        "SIGABRT: SUMMARY: AddressSanitizer: heap-use-after-free f.cpp:3 in f");
  CHECK(headline("f.cpp:3:5: runtime error: signed integer overflow\nSUMMARY: none\n") ==
        "SIGABRT: f.cpp:3:5: runtime error: signed integer overflow");
}

TEST_CASE("one mistake has one signature on any line, and not that of another") {
  const auto group = [](std::string_view errors) {
    return sim::signature(sim::crash_violation(SIGABRT, errors));
  };
  CHECK(group("seed 1\nf.cpp:12: it was wrong\n") == group("seed 200\nf.cpp:13: it was wrong\n"));
  CHECK(group("f.cpp:12: it was wrong\n") != group("f.cpp:12: something else\n"));
}

TEST_CASE("the stack of a worker is told without addresses") {
  const std::string errors =
      "some words\nstack of the worker:\n/long/way/program(f+0x1c)[0x55e8]\n"
      "/lib/libc.so.6(+0x2)[0x7f00]\n";
  const auto crash = sim::crash_violation(SIGSEGV, errors);
  CHECK(crash.detail == "SIGSEGV: some words\nit was in:\n  program(f+0x1c)\n  libc.so.6(+0x2)");
  const auto silent = sim::crash_violation(SIGSEGV, errors.substr(errors.find("stack")));
  CHECK(first_line(silent) == "SIGSEGV in program(f+0x1c)");
  const auto hang = sim::hang_violation(std::chrono::seconds(60), errors);
  CHECK(hang.detail ==
        "did not end within 60s of real time\nsome words\nit was in:\n  program(f+0x1c)\n"
        "  libc.so.6(+0x2)");
  CHECK(hang.liveness);
}

TEST_CASE("of many words only the last are kept, in whole lines") {
  std::string errors;
  for (int line = 0; line < 10'000; ++line) errors += "line " + std::to_string(line) + "\n";
  const auto crash = sim::crash_violation(SIGABRT, errors);
  CHECK(first_line(crash) == "SIGABRT: line 9999");
  CHECK(crash.detail.size() < 4300);
  CHECK(crash.detail.size() > 4000);
  CHECK(crash.detail.ends_with("\nline 9998\nline 9999"));
  CHECK(crash.detail.find("\nline 9") == crash.detail.find('\n'));
}

}  // namespace piccolo::campaign_test
