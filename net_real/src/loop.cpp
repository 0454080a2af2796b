#include "loop.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace piccolo::real {
namespace {

// Fibers resumed before the sockets and timers get a look, however many more are ready; and how
// many handlers then have their turn. A handler wakes a fiber that is resumed some three times, so
// what is ready gets less all the same: it runs while it is in the cache, and holds few frames at a
// time.
constexpr std::uint64_t resumptions_in_turn = 32;
constexpr int handlers_in_turn = 8;

}  // namespace

// No locks around sockets, which stay on their loop's thread; but others may post to it.
Loop::Loop(const std::string& name, LogLevel level, const LogSink& sink, PortTable& ports,
           Resolver& resolver, std::uint64_t seed)
    : io_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO),
      work_(io_.get_executor()),
      executor_(ReadyOrder::fifo, seed),
      clock_(io_),
      network_(io_, ports, resolver),
      random_(seed),
      logger_(name, level, sink, clock_),
      env_{executor_, network_, clock_, random_, logger_} {}

void Loop::start(RealWorld::Program program) {
  {
    const std::lock_guard lock(mutex_);
    inbox_.programs.push_back(std::move(program));
  }
  wake();
}

void Loop::cancel() {
  {
    const std::lock_guard lock(mutex_);
    inbox_.cancel = true;
  }
  wake();
}

void Loop::halt() {
  {
    const std::lock_guard lock(mutex_);
    inbox_.halt = true;
  }
  wake();
}

void Loop::reset() noexcept {
  const std::lock_guard lock(mutex_);
  inbox_.cancel = inbox_.halt = false;
  canceled_ = halted_ = false;
}

void Loop::wake() {
  boost::asio::post(io_, [this] { take_inbox(); });
}

void Loop::take_inbox() {
  std::vector<RealWorld::Program> programs;
  {
    const std::lock_guard lock(mutex_);
    if (programs_ == nullptr) return;  // a late wake-up between two runs
    programs.swap(inbox_.programs);
    canceled_ = canceled_ || inbox_.cancel;
    halted_ = halted_ || inbox_.halt;
  }
  for (const auto& program : programs) programs_->spawn(program(env_));
  if (canceled_) programs_->cancel();
}

bool Loop::finished(Until until) {
  if (halted_) return true;
  if (!programs_->empty()) return false;
  if (until == Until::told && !canceled_ && programs_->exception() == nullptr) return false;
  const std::lock_guard lock(mutex_);
  return inbox_.programs.empty();
}

void Loop::turn(Until until) {
  for (std::uint64_t resumed = 0; resumed < resumptions_in_turn;) {
    const std::uint64_t ran = executor_.run(resumptions_in_turn - resumed);
    if (ran == 0) break;
    resumed += ran;
  }
  if (!executor_.idle()) {
    for (int handled = 0; handled < handlers_in_turn; ++handled) {
      if (io_.poll_one() == 0) break;
    }
  } else if (!finished(until)) {
    // One handler wakes at most a few fibers, which then run while their data is still in the
    // cache. Handlers that are ready as well stay queued; taking them costs no system call.
    io_.run_one();
  }
}

std::exception_ptr Loop::run(Until until) noexcept {
  Scope programs(executor_);
  programs_ = &programs;
  std::exception_ptr exception;
  try {
    take_inbox();
    while (!finished(until)) turn(until);
  } catch (...) {
    exception = std::current_exception();
  }
  if (!exception) exception = programs.exception();
  programs_ = nullptr;
  return exception;  // and what has not ended is destroyed with the scope
}

}  // namespace piccolo::real
