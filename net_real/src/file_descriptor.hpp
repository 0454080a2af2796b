#pragma once

// An open file descriptor, closed when destroyed.

#include <unistd.h>

#include <utility>

namespace piccolo::real {

class FileDescriptor {
 public:
  FileDescriptor() noexcept = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
      close();
      fd_ = other.release();
    }
    return *this;
  }
  ~FileDescriptor() { close(); }

  int get() const noexcept { return fd_; }
  bool valid() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  // Linux frees the descriptor even when close reports an error, so there is nothing to retry.
  void close() noexcept {
    if (valid()) static_cast<void>(::close(release()));
  }

  int fd_ = -1;
};

}  // namespace piccolo::real
