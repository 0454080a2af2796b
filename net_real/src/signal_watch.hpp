#pragma once

// SIGINT and SIGTERM, told to a loop; and what they did before, put back afterwards.

#include <array>
#include <boost/asio/basic_signal_set.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <functional>

namespace piccolo::real {

class SignalWatch {
 public:
  // `tell` is called on the loop's thread, while it runs, once for each signal from now on.
  SignalWatch(boost::asio::io_context& io, std::function<void(int number)> tell);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  using SignalSet = boost::asio::basic_signal_set<boost::asio::io_context::executor_type>;
  static constexpr std::array numbers{SIGINT, SIGTERM};

  void wait();

  std::array<struct sigaction, numbers.size()> before_{};
  SignalSet signals_;
  std::function<void(int)> tell_;
};

}  // namespace piccolo::real
