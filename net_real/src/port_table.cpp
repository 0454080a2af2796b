#include "port_table.hpp"

#include <fcntl.h>

#include "socket_address.hpp"

namespace piccolo::real {

void PortTable::add(const Endpoint& local, int fd) {
  const std::lock_guard lock(mutex_);
  ports_.push_back(Port{local, fd});
}

void PortTable::remove(int fd) noexcept {
  const std::lock_guard lock(mutex_);
  std::erase_if(ports_, [fd](const Port& port) { return port.fd == fd; });
}

Result<FileDescriptor> PortTable::duplicate(const Endpoint& local) const {
  const std::lock_guard lock(mutex_);
  for (const Port& port : ports_) {
    if (port.local != local.canonical()) continue;
    FileDescriptor copy(::fcntl(port.fd, F_DUPFD_CLOEXEC, 0));
    if (!copy.valid()) return errno_failure();
    return copy;
  }
  return failure(std::errc::address_not_available);
}

}  // namespace piccolo::real
