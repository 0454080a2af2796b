#include "worker_signals.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>

#if __has_include(<execinfo.h>)
#include <execinfo.h>
#endif

namespace piccolo::sim {

const int worker_quit_signal = SIGQUIT;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitizer_reports = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitizer_reports = true;
#else
constexpr bool sanitizer_reports = false;
#endif
#else
constexpr bool sanitizer_reports = false;
#endif

constexpr std::array crash_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr int frames_max = 24;
// The handler and the kernel's way into it; sanitizers have a frame in between.
constexpr int frames_of_handler = sanitizer_reports ? 3 : 2;
// What writing the stack may take, in seconds: a lock that it needs may be held.
constexpr unsigned alarm_after = 2;

// Inlined, or it is a frame more.
[[gnu::always_inline]] inline void write_stack() {
#if __has_include(<execinfo.h>)
  std::array<void*, frames_max> frames{};
  const int count = backtrace(frames.data(), frames_max);
  if (count <= frames_of_handler) return;
  static_cast<void>(
      !write(STDERR_FILENO, worker_stack_headline.data(), worker_stack_headline.size()));
  backtrace_symbols_fd(frames.data() + frames_of_handler, count - frames_of_handler, STDERR_FILENO);
#endif
}

void by_default(int signal) { static_cast<void>(std::signal(signal, SIG_DFL)); }

// By now the signal's default is in place again (SA_RESETHAND).
void on_end(int signal) {
  alarm(alarm_after);
  write_stack();
  if (signal == worker_quit_signal) {
    // Ends with a core dump, where they are wanted, and says no more.
    signal = SIGABRT;
    by_default(signal);
  }
  static_cast<void>(raise(signal));
}

void handle_end(int signal) {
  struct sigaction action{};
  action.sa_handler = &on_end;
  action.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

void make_signal_stack() {
  static std::array<std::byte, std::size_t{64} * 1024> memory;
  stack_t stack{};
  sigaltstack(nullptr, &stack);
  if ((stack.ss_flags & SS_DISABLE) == 0) return;
  stack.ss_sp = memory.data();
  stack.ss_size = memory.size();
  stack.ss_flags = 0;
  sigaltstack(&stack, nullptr);
}

}  // namespace

void install_worker_signals() {
#if __has_include(<execinfo.h>)
  // The first call loads a library, which a signal handler must not do.
  void* frame = nullptr;
  backtrace(&frame, 1);
#endif
  make_signal_stack();
  handle_end(worker_quit_signal);
  for (const int signal : crash_signals) {
    if (!sanitizer_reports) handle_end(signal);
  }
  for (const int signal : {SIGTERM, SIGALRM, SIGCHLD, SIGPIPE, SIGXCPU}) by_default(signal);
  // Ctrl-C reaches the whole group; it is for the campaign to say what becomes of its workers.
  for (const int signal : {SIGINT, SIGHUP}) static_cast<void>(std::signal(signal, SIG_IGN));
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);  // NOLINT(concurrency-mt-unsafe): a worker has one
}

}  // namespace piccolo::sim
