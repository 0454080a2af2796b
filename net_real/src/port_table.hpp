#pragma once

// The listening sockets of one world, so that its loops can share them.

#include <mutex>
#include <vector>

#include "file_descriptor.hpp"
#include "piccolo/core/endpoint.hpp"

namespace piccolo::real {

class PortTable {
 public:
  void add(const Endpoint& local, int fd);
  // Before the descriptor is closed: its number may be somebody else's afterwards.
  void remove(int fd) noexcept;
  // `address_not_available` when nobody listens there.
  Result<FileDescriptor> duplicate(const Endpoint& local) const;

 private:
  struct Port {
    Endpoint local;
    int fd = -1;
  };
  mutable std::mutex mutex_;
  std::vector<Port> ports_;
};

}  // namespace piccolo::real
