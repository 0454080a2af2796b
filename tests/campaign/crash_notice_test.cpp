#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "catch.hpp"
#include "child.hpp"
#include "mischief.hpp"

namespace piccolo::campaign_test {
namespace {

Deeds on_seed_5(Deed deed) {
  return [deed](std::uint64_t seed) { return seed == 5 ? deed : Deed::nothing; };
}

ChildEnd crash_on_threads(Deed deed, void (*handler)(int) = nullptr) {
  return in_child([deed, handler] {
    if (handler != nullptr) {
      static_cast<void>(std::signal(SIGSEGV, handler));
      static_cast<void>(std::signal(SIGABRT, handler));
    }
    run(mischief(on_seed_5(deed)), options_for(100, 2, false));
  });
}

std::string notice(const std::string& how) {
  return "seed 5 was running when the process " + how +
         "; run it by itself, or the campaign with --isolate\n";
}

// As somebody's who was there before the campaign.
void say_so_and_leave(int) {
  constexpr std::string_view words = "the handler before\n";
  static_cast<void>(!write(STDERR_FILENO, words.data(), words.size()));
  _exit(7);
}

}  // namespace

TEST_CASE("a crash on a thread names the seed, and stays the crash that it is") {
  const auto null = crash_on_threads(Deed::dereference_null);
  CHECK(WIFSIGNALED(null.status));
  CHECK(WTERMSIG(null.status) == SIGSEGV);
  CHECK(null.errors == notice("crashed (SIGSEGV)"));
  const auto assertion = crash_on_threads(Deed::fail_assertion);
  CHECK(WTERMSIG(assertion.status) == SIGABRT);
  CHECK_THAT(assertion.errors, test::contains_text("the node was asked to fail\n"));
  CHECK(assertion.errors.ends_with(notice("crashed (SIGABRT)")));
}

TEST_CASE("a handler that was there before the campaign sees the crash after it") {
  for (const Deed deed : {Deed::dereference_null, Deed::fail_assertion}) {
    const auto end = crash_on_threads(deed, &say_so_and_leave);
    CHECK(WIFEXITED(end.status));
    CHECK(WEXITSTATUS(end.status) == 7);
    CHECK(
        end.errors.ends_with("; run it by itself, or the campaign with --isolate\n"
                             "the handler before\n"));
  }
}

TEST_CASE("a program on a thread that calls exit is named") {
  const auto end = crash_on_threads(Deed::call_exit);
  CHECK(WEXITSTATUS(end.status) == 3);
  CHECK_THAT(end.errors, test::contains_text(notice("was ended by exit()")));
}

TEST_CASE("a crash outside of any seed names none") {
  const auto end = in_child([] {
    auto options = options_for(100, 2, false);
    options.progress = [](const sim::CampaignProgress&) { std::abort(); };
    run(mischief(on_every(1, Deed::nothing)), options);
  });
  CHECK(WTERMSIG(end.status) == SIGABRT);
  CHECK(end.errors.empty());
}

TEST_CASE("a campaign leaves the handlers of signals as they were") {
  const auto end = in_child([] {
    static_cast<void>(std::signal(SIGSEGV, &say_so_and_leave));
    run(mischief(on_every(1, Deed::nothing)), options_for(100, 2, false));
    const bool same = std::signal(SIGSEGV, SIG_DFL) == &say_so_and_leave &&
                      std::signal(SIGABRT, SIG_DFL) == SIG_DFL;
    _exit(same ? 4 : 5);
  });
  CHECK(WEXITSTATUS(end.status) == 4);
}

}  // namespace piccolo::campaign_test
