// For each guarded function a node that calls it: the guard must name it.

#include <fcntl.h>
#include <netdb.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <locale>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "catch.hpp"
#include "cluster.hpp"
#include "interpose.hpp"
#include "unit/death.hpp"

namespace piccolo::guards {
namespace {

using Offence = void (*)();
Offence planted = nullptr;

Task<void> offend(Env&, Stream, NodeState&) {
  planted();
  co_return;
}

// What a cluster says whose nodes commit the offence instead of echoing.
std::string said_by(Offence offence) {
  planted = offence;
  NodeParts parts;
  parts.echo = &offend;
  const test::Cluster cluster(2, FaultSet::none(), std::chrono::seconds(1), parts);
  return test::abort_message([&cluster] {
    const SimulatedCode guard;
    cluster.run(1);
  });
}

std::set<std::string>& planted_names() {
  static std::set<std::string> all;
  return all;
}

bool remember(const char* name) { return planted_names().insert(name).second; }

// Results that no one looks at.
template <class T>
void use(const T& value) {
  static_cast<void>(value);
}

}  // namespace

#define PICCOLO_PLANT(name, what, ...)                                          \
  [[maybe_unused]] static const bool name##_planted = remember(#name);          \
  TEST_CASE("a node that " what " is caught calling " #name) {                  \
    CHECK(said_by([] { __VA_ARGS__; }) == "simulated code called " #name "\n"); \
  }

PICCOLO_PLANT(clock_gettime, "measures time", use(std::chrono::steady_clock::now()))
PICCOLO_PLANT(gettimeofday, "takes the time of day", timeval now; gettimeofday(&now, nullptr))
PICCOLO_PLANT(time, "asks for the time", use(std::time(nullptr)))
PICCOLO_PLANT(timespec_get, "asks C11 for the time", timespec now; timespec_get(&now, TIME_UTC))
PICCOLO_PLANT(clock, "asks for its CPU time", use(std::clock()))
PICCOLO_PLANT(nanosleep, "sleeps a moment", timespec t{}; nanosleep(&t, nullptr))
PICCOLO_PLANT(clock_nanosleep, "sleeps by a clock", timespec t{};
              clock_nanosleep(CLOCK_MONOTONIC, 0, &t, nullptr))
PICCOLO_PLANT(usleep, "sleeps microseconds", usleep(1))
PICCOLO_PLANT(sleep, "sleeps seconds", sleep(0))
PICCOLO_PLANT(rand, "draws in C", use(std::rand()))
PICCOLO_PLANT(srand, "seeds C", std::srand(1))
PICCOLO_PLANT(random, "draws in POSIX", use(random()))
PICCOLO_PLANT(srandom, "seeds POSIX", srandom(1))
PICCOLO_PLANT(drand48, "draws a double", use(drand48()))
PICCOLO_PLANT(lrand48, "draws a long", use(lrand48()))
PICCOLO_PLANT(mrand48, "draws a signed long", use(mrand48()))
PICCOLO_PLANT(getrandom, "asks the kernel for chance", char b[4]; use(getrandom(b, 4, 0)))
PICCOLO_PLANT(getentropy, "asks for entropy", char b[4]; use(getentropy(b, 4)))
PICCOLO_PLANT(arc4random, "draws securely", use(arc4random()))
PICCOLO_PLANT(arc4random_buf, "draws bytes securely", char b[4]; arc4random_buf(b, 4))
PICCOLO_PLANT(arc4random_uniform, "draws securely below", use(arc4random_uniform(6)))
PICCOLO_PLANT(getenv, "reads the environment", use(std::getenv("HOME")))
PICCOLO_PLANT(secure_getenv, "reads it securely", use(secure_getenv("HOME")))
PICCOLO_PLANT(getpid, "asks who it is", use(getpid()))
PICCOLO_PLANT(gethostname, "asks where it is", char b[64]; gethostname(b, sizeof b))
PICCOLO_PLANT(pthread_create, "starts a thread", std::thread([] {}).join())
PICCOLO_PLANT(socket, "opens a socket", use(socket(AF_INET, SOCK_STREAM, 0)))
PICCOLO_PLANT(connect, "connects a socket", sockaddr to{}; use(::connect(-1, &to, sizeof to)))
PICCOLO_PLANT(getaddrinfo, "resolves a name", addrinfo* found = nullptr;
              use(getaddrinfo("localhost", nullptr, nullptr, &found)))
PICCOLO_PLANT(fopen, "opens a file in C", use(std::fopen("/dev/urandom", "r")))
PICCOLO_PLANT(fopen64, "opens a large file in C", use(fopen64("/dev/random", "r")))
PICCOLO_PLANT(open, "opens a file", use(::open("/dev/urandom", O_RDONLY)))
PICCOLO_PLANT(open64, "opens a large file", use(open64("/dev/random", O_RDONLY)))
PICCOLO_PLANT(openat, "opens a file in a folder", use(openat(AT_FDCWD, "/dev/urandom", O_RDONLY)))
PICCOLO_PLANT(openat64, "opens a large file in a folder",
              use(openat64(AT_FDCWD, "/dev/random", O_RDONLY)))
PICCOLO_PLANT(syscall, "calls the kernel by number", use(::syscall(SYS_gettid)))

TEST_CASE("every guarded function has its planted offence") {
  const auto functions = interposed_functions();
  const std::set<std::string> guarded(functions.begin(), functions.end());
  CHECK(guarded == planted_names());
}

// Through the C++ library, which is compiled already: its calls must come here as well.
TEST_CASE("a node that looks at the wall clock through C++ is caught") {
  CHECK(said_by([] { use(std::chrono::system_clock::now()); }) ==
        "simulated code called clock_gettime\n");
}

TEST_CASE("a node that draws from a random device's file is caught") {
  CHECK_THAT(said_by([] { use(std::random_device("/dev/urandom")()); }),
             test::contains_text("simulated code called open"));
}

TEST_CASE("a node that reads a file through C++ is caught") {
  CHECK_THAT(said_by([] { use(std::ifstream("/dev/urandom").get()); }),
             test::contains_text("open"));
}

TEST_CASE("a node that takes over the user's locale is caught") {
  CHECK(said_by([] { use(std::locale("")); }) == "simulated code called getenv\n");
}

TEST_CASE("a node that sleeps through C++ is caught") {
  CHECK_THAT(said_by([] { std::this_thread::sleep_for(std::chrono::microseconds(1)); }),
             test::contains_text("nanosleep\n"));
}

TEST_CASE("a node that behaves is not caught") {
  CHECK_THAT(said_by([] {}), test::contains_text("did not abort, wait status 0"));
}

}  // namespace piccolo::guards
