#include "campaign_crash_notice.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>

#include "signal_name.hpp"

// There when a sanitizer is linked in. Called before it ends the process. The name is its own.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*callback)());

namespace piccolo::sim {
namespace {

constexpr std::array crash_signals{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t stack_bytes = std::size_t{64} * 1024;

// Plain data: a signal handler reads it.
thread_local bool is_running = false;
thread_local std::uint64_t running_seed = 0;

std::mutex installing;
unsigned notices = 0;
// Written before the handler is installed.
std::array<struct sigaction, crash_signals.size()> handlers_before{};

// A line that needs no memory.
class Line {
 public:
  void add(std::string_view text) noexcept {
    const std::size_t bytes = std::min(text.size(), text_.size() - size_);
    std::memcpy(text_.data() + size_, text.data(), bytes);
    size_ += bytes;
  }
  void add(std::uint64_t number) noexcept {
    std::array<char, 20> digits{};
    std::size_t first = digits.size();
    do {
      digits[--first] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0);
    add(std::string_view(digits.data() + first, digits.size() - first));
  }
  void write() const noexcept { static_cast<void>(!::write(STDERR_FILENO, text_.data(), size_)); }

 private:
  std::array<char, 256> text_{};
  std::size_t size_ = 0;
};

// Once: a sanitizer's report may be followed by a signal.
void tell(std::string_view how) noexcept {
  if (!is_running) return;
  is_running = false;
  Line line;
  line.add("seed ");
  line.add(running_seed);
  line.add(" was running when the process ");
  line.add(how);
  line.add("; run it by itself, or the campaign with --isolate\n");
  line.write();
}

void tell_of_signal(int signal) noexcept {
  std::array<char, 32> how{};
  const char* const name = signal_name(signal);
  const std::string_view parts[] = {"crashed (", name == nullptr ? "signal" : name, ")"};
  std::size_t size = 0;
  for (const std::string_view part : parts) {
    std::memcpy(how.data() + size, part.data(), part.size());
    size += part.size();
  }
  tell({how.data(), size});
}

const struct sigaction& handler_before(int signal) noexcept {
  std::size_t index = 0;
  while (crash_signals[index] != signal) ++index;
  return handlers_before[index];
}

void on_crash(int signal, siginfo_t* info, void* context) {
  tell_of_signal(signal);
  const struct sigaction& next = handler_before(signal);
  // The faulty instruction runs again, and the next handler sees it as if it were the first.
  const bool comes_again = info->si_code > 0 && signal != SIGABRT;
  if (comes_again) {
    sigaction(signal, &next, nullptr);
    return;
  }
  if ((next.sa_flags & SA_SIGINFO) != 0) {
    next.sa_sigaction(signal, info, context);
    return;
  }
  if (next.sa_handler == SIG_IGN) return;
  if (next.sa_handler != SIG_DFL) {
    next.sa_handler(signal);
    return;
  }
  sigaction(signal, &next, nullptr);
  static_cast<void>(raise(signal));  // comes when this handler returns
}

void on_sanitizer_death() { tell("was ended by a sanitizer"); }
void on_exit() { tell("was ended by exit()"); }

void install() {
  struct sigaction action{};
  action.sa_sigaction = &on_crash;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (std::size_t index = 0; index < crash_signals.size(); ++index) {
    sigaction(crash_signals[index], nullptr, &handlers_before[index]);
    sigaction(crash_signals[index], &action, nullptr);
  }
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(&on_sanitizer_death);
  }
  // On the thread that calls `exit`, so it knows its seed.
  static const int registered = std::atexit(&on_exit);
  static_cast<void>(registered);
}

void restore() {
  for (std::size_t index = 0; index < crash_signals.size(); ++index) {
    struct sigaction now{};
    sigaction(crash_signals[index], nullptr, &now);
    const bool ours = (now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == &on_crash;
    if (ours) sigaction(crash_signals[index], &handlers_before[index], nullptr);
  }
}

}  // namespace

CrashNotice::CrashNotice() {
  const std::lock_guard lock(installing);
  if (notices++ == 0) install();
}

CrashNotice::~CrashNotice() {
  const std::lock_guard lock(installing);
  if (--notices == 0) restore();
}

CrashStack::CrashStack() {
  stack_t present{};
  sigaltstack(nullptr, &present);
  // Sanitizers bring their own.
  if ((present.ss_flags & SS_DISABLE) == 0) return;
  void* const memory =
      mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  memory_ = memory;
  stack_t stack{};
  stack.ss_sp = memory_;
  stack.ss_size = stack_bytes;
  sigaltstack(&stack, nullptr);
}

CrashStack::~CrashStack() {
  if (memory_ == nullptr) return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
  munmap(memory_, stack_bytes);
}

RunningSeed::RunningSeed(std::uint64_t seed) noexcept {
  running_seed = seed;
  is_running = true;
}

RunningSeed::~RunningSeed() { is_running = false; }

}  // namespace piccolo::sim
