#include "interpose.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <vector>

namespace piccolo::guards {
namespace {

thread_local int simulated = 0;

std::vector<std::string>& names() {
  static std::vector<std::string> all;
  return all;
}

bool know(const char* name) {
  names().emplace_back(name);
  return true;
}

// Touches nothing that is interposed, and no memory that simulated code may have ruined.
void say(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void refuse(const char* name) {
  if (simulated == 0) return;
  simulated = 0;
  say("simulated code called ");
  say(name);
  say("\n");
  std::abort();
}

// The function that the program would have got without this file: a sanitizer's, which clang links
// into the executable, or that of the next library.
template <class Function>
Function* behind(Function* /*own*/, const std::string& name) {
  void* found = dlsym(RTLD_DEFAULT, ("__interceptor_" + name).c_str());
  if (found == nullptr) found = dlsym(RTLD_NEXT, name.c_str());
  if (found == nullptr) {
    say(name);
    say(": there is none to forward to\n");
    std::abort();
  }
  Function* function = nullptr;
  static_assert(sizeof(function) == sizeof(found));
  std::memcpy(&function, &found, sizeof(function));
  return function;
}

}  // namespace

SimulatedCode::SimulatedCode() noexcept { ++simulated; }
SimulatedCode::~SimulatedCode() { --simulated; }

std::span<const std::string> interposed_functions() { return names(); }

}  // namespace piccolo::guards

using piccolo::guards::behind;
using piccolo::guards::know;
using piccolo::guards::refuse;

#define PICCOLO_INTERPOSE(result, name, parameters, arguments, exceptions) \
  static const bool name##_is_known = know(#name);                         \
  extern "C" result name parameters exceptions {                           \
    static_cast<void>(name##_is_known);                                    \
    refuse(#name);                                                         \
    static const auto next = behind(&name, #name);                         \
    return next arguments;                                                 \
  }

// ---- time ----

PICCOLO_INTERPOSE(int, clock_gettime, (clockid_t clock, timespec* now), (clock, now), noexcept)
PICCOLO_INTERPOSE(int, gettimeofday, (timeval * now, void* zone), (now, zone), noexcept)
PICCOLO_INTERPOSE(time_t, time, (time_t* now), (now), noexcept)
PICCOLO_INTERPOSE(int, timespec_get, (timespec * now, int base), (now, base), noexcept)
PICCOLO_INTERPOSE(clock_t, clock, (), (), noexcept)

PICCOLO_INTERPOSE(int, nanosleep, (const timespec* time, timespec* left), (time, left), )
PICCOLO_INTERPOSE(int, clock_nanosleep,
                  (clockid_t clock, int flags, const timespec* time, timespec* left),
                  (clock, flags, time, left), )
PICCOLO_INTERPOSE(int, usleep, (useconds_t time), (time), )
PICCOLO_INTERPOSE(unsigned, sleep, (unsigned seconds), (seconds), )

// ---- chance ----

PICCOLO_INTERPOSE(int, rand, (), (), noexcept)
PICCOLO_INTERPOSE(void, srand, (unsigned seed), (seed), noexcept)
PICCOLO_INTERPOSE(long, random, (), (), noexcept)
PICCOLO_INTERPOSE(void, srandom, (unsigned seed), (seed), noexcept)
PICCOLO_INTERPOSE(double, drand48, (), (), noexcept)
PICCOLO_INTERPOSE(long, lrand48, (), (), noexcept)
PICCOLO_INTERPOSE(long, mrand48, (), (), noexcept)
PICCOLO_INTERPOSE(ssize_t, getrandom, (void* buffer, size_t bytes, unsigned flags),
                  (buffer, bytes, flags), )
PICCOLO_INTERPOSE(int, getentropy, (void* buffer, size_t bytes), (buffer, bytes), )
PICCOLO_INTERPOSE(std::uint32_t, arc4random, (), (), noexcept)
PICCOLO_INTERPOSE(void, arc4random_buf, (void* buffer, size_t bytes), (buffer, bytes), noexcept)
PICCOLO_INTERPOSE(std::uint32_t, arc4random_uniform, (std::uint32_t bound), (bound), noexcept)

// ---- the process and its surroundings ----

PICCOLO_INTERPOSE(char*, getenv, (const char* name), (name), noexcept)
PICCOLO_INTERPOSE(char*, secure_getenv, (const char* name), (name), noexcept)
PICCOLO_INTERPOSE(pid_t, getpid, (), (), noexcept)
PICCOLO_INTERPOSE(int, gethostname, (char* buffer, size_t bytes), (buffer, bytes), noexcept)
PICCOLO_INTERPOSE(int, pthread_create,
                  (pthread_t * thread, const pthread_attr_t* attributes, void* (*run)(void*),
                   void* argument),
                  (thread, attributes, run, argument), noexcept)

// ---- the network ----

PICCOLO_INTERPOSE(int, socket, (int family, int type, int protocol), (family, type, protocol),
                  noexcept)
PICCOLO_INTERPOSE(int, connect, (int socket, const sockaddr* to, socklen_t bytes),
                  (socket, to, bytes), )
PICCOLO_INTERPOSE(int, getaddrinfo,
                  (const char* host, const char* service, const addrinfo* hints, addrinfo** found),
                  (host, service, hints, found), )

// ---- files: not only /dev/urandom, for what is in a file is no part of the seed either ----

PICCOLO_INTERPOSE(FILE*, fopen, (const char* path, const char* mode), (path, mode), )
PICCOLO_INTERPOSE(FILE*, fopen64, (const char* path, const char* mode), (path, mode), )

// The mode that follows the flags if a file may be created.
#define PICCOLO_MODE_OF(flags)                                          \
  mode_t mode = 0;                                                      \
  if (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE) { \
    std::va_list arguments;                                             \
    va_start(arguments, flags);                                         \
    mode = va_arg(arguments, mode_t);                                   \
    va_end(arguments);                                                  \
  }

#define PICCOLO_INTERPOSE_OPEN(name)                      \
  static const bool name##_is_known = know(#name);        \
  extern "C" int name(const char* path, int flags, ...) { \
    static_cast<void>(name##_is_known);                   \
    refuse(#name);                                        \
    PICCOLO_MODE_OF(flags)                                \
    static const auto next = behind(&name, #name);        \
    return next(path, flags, mode);                       \
  }

#define PICCOLO_INTERPOSE_OPENAT(name)                                \
  static const bool name##_is_known = know(#name);                    \
  extern "C" int name(int folder, const char* path, int flags, ...) { \
    static_cast<void>(name##_is_known);                               \
    refuse(#name);                                                    \
    PICCOLO_MODE_OF(flags)                                            \
    static const auto next = behind(&name, #name);                    \
    return next(folder, path, flags, mode);                           \
  }

PICCOLO_INTERPOSE_OPEN(open)
PICCOLO_INTERPOSE_OPEN(open64)
PICCOLO_INTERPOSE_OPENAT(openat)
PICCOLO_INTERPOSE_OPENAT(openat64)

// ---- any system call by its number: whatever was forgotten above ----

static const bool syscall_is_known = know("syscall");
extern "C" long syscall(long number, ...) noexcept {
  static_cast<void>(syscall_is_known);
  refuse("syscall");
  static const auto next = behind(&syscall, "syscall");
  std::array<long, 6> words{};
  std::va_list arguments;
  va_start(arguments, number);
  for (long& word : words) word = va_arg(arguments, long);
  va_end(arguments);
  return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}
