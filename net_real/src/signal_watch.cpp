#include "signal_watch.hpp"

#include <utility>

namespace piccolo::real {

SignalWatch::SignalWatch(boost::asio::io_context& io, std::function<void(int)> tell)
    : signals_(io.get_executor()), tell_(std::move(tell)) {
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    static_cast<void>(::sigaction(numbers[index], nullptr, &before_[index]));
    signals_.add(numbers[index]);
  }
  wait();
}

// Asio leaves the default behind, which would kill whoever gets one more signal while it winds up.
// In between the signals are held back.
SignalWatch::~SignalWatch() {
  sigset_t ours;
  sigset_t mask;
  static_cast<void>(::sigemptyset(&ours));
  for (const int number : numbers) static_cast<void>(::sigaddset(&ours, number));
  static_cast<void>(::pthread_sigmask(SIG_BLOCK, &ours, &mask));
  boost::system::error_code error;
  [[maybe_unused]] const auto same = signals_.clear(error);
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    static_cast<void>(::sigaction(numbers[index], &before_[index], nullptr));
  }
  static_cast<void>(::pthread_sigmask(SIG_SETMASK, &mask, nullptr));
}

void SignalWatch::wait() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    wait();
    tell_(number);
  });
}

}  // namespace piccolo::real
