#pragma once

// One attempt to connect, from the operation's start until it is finished or forgotten.

#include <boost/asio/io_context.hpp>

#include "piccolo/core/network.hpp"
#include "waiter.hpp"

namespace piccolo::real {

class Connector final : public Waiter {
 public:
  // Finishes the operation at once, or leaves a connector in its `backend`.
  static void start(boost::asio::io_context& io, ConnectOperation& operation);
  static void forget(ConnectOperation& operation) noexcept;

 private:
  Connector(WatchedSocket socket, ConnectOperation& operation) noexcept
      : Waiter(std::move(socket)), operation_(&operation) {}
  void ready(Event event) override;
  // Of the attempt, once the socket is connected or has failed.
  Result<Stream> outcome(int error, const Result<Endpoint>& remote);

  ConnectOperation* operation_;
};

}  // namespace piccolo::real
