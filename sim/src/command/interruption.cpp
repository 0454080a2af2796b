#include "interruption.hpp"

#include <csignal>

namespace piccolo::sim {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may not wait");

void note_signal(int) { interrupted = true; }

void handle(int signal, void (*handler)(int), int flags) {
  struct sigaction action{};
  action.sa_handler = handler;
  action.sa_flags = flags;
  static_cast<void>(sigaction(signal, &action, nullptr));
}

}  // namespace

Interruption::Interruption() {
  interrupted = false;
  for (const int signal : {SIGINT, SIGTERM}) {
    handle(signal, &note_signal, static_cast<int>(SA_RESETHAND) | SA_RESTART);
  }
}

Interruption::~Interruption() {
  for (const int signal : {SIGINT, SIGTERM}) handle(signal, SIG_DFL, 0);
}

const std::atomic<bool>& Interruption::flag() const noexcept { return interrupted; }

}  // namespace piccolo::sim
