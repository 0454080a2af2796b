#pragma once

// Names to addresses, on threads of its own since the C library's lookup blocks, and cannot be
// interrupted. So the threads are detached, and nobody waits for a name server to end a world.
// Asio's resolver has one thread and joins it: one dead name server would hold up everything.

#include <boost/asio/io_context.hpp>
#include <memory>

#include "piccolo/core/network.hpp"

namespace piccolo::real {

class Resolver {
 public:
  Resolver();
  ~Resolver() { close(); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // From any loop's thread; finishes the operation on that thread.
  void start(boost::asio::io_context& io, ResolveOperation& operation);
  static void forget(ResolveOperation& operation) noexcept;
  // When the loops are about to go and no operation is pending: no lookup calls back any more,
  // even if its thread is still busy.
  void close() noexcept;

 private:
  struct Lookup;
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
};

}  // namespace piccolo::real
