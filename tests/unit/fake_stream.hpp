#pragma once

// A stream and a listener whose other side is the test: reads complete when the test says so.

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "piccolo/core/listener.hpp"
#include "piccolo/core/stream.hpp"

namespace piccolo::test {

class FakeStream final : public StreamBackend {
 public:
  explicit FakeStream(std::size_t write_room = 1 << 20) : write_room_(write_room) {}

  // As the peer: bytes arrive, the stream ends, or breaks.
  void arrive(std::string bytes) {
    incoming_ += bytes;
    pump();
  }
  void end() {
    ended_ = true;
    pump();
  }
  void break_with(std::errc code) {
    if (reading() != nullptr) complete_read(failure(code));
    if (writing() != nullptr) complete_write(failure(code));
  }
  void make_room(std::size_t bytes) {
    write_room_ += bytes;
    if (writing() != nullptr) start_write();
  }

  void start_read() override { pump(); }
  void start_write() override {
    const auto data = writing()->data();
    const std::size_t taken = std::min({data.size(), write_room_, at_most});
    if (taken == 0) return;
    write_room_ -= taken;
    written.append(reinterpret_cast<const char*>(data.data()), taken);
    complete_write(taken);
  }
  Result<void> set_keep_alive(const KeepAlive& how) noexcept override {
    keep_alive = how;
    return {};
  }
  Result<void> shutdown_send() noexcept override {
    ++shutdowns;
    return {};
  }
  Endpoint local_endpoint() const noexcept override {
    return Endpoint(Address::loopback(Address::Family::v4), 1);
  }
  Endpoint remote_endpoint() const noexcept override {
    return Endpoint(Address::loopback(Address::Family::v4), 2);
  }
  void release() noexcept override { ++releases; }

  bool read_pending() const noexcept { return reading() != nullptr; }
  bool write_pending() const noexcept { return writing() != nullptr; }

  std::string written;
  std::size_t at_most = 1 << 20;  // bytes that one read or write moves
  int shutdowns = 0;
  KeepAlive keep_alive{};
  int releases = 0;

 private:
  void pump() {
    if (reading() == nullptr) return;
    if (incoming_.empty() && !ended_) return;
    const auto buffer = reading()->buffer();
    const std::size_t given = std::min({buffer.size(), incoming_.size(), at_most});
    if (given > 0) std::memcpy(buffer.data(), incoming_.data(), given);
    incoming_.erase(0, given);
    complete_read(given);
  }

  std::string incoming_;
  bool ended_ = false;
  std::size_t write_room_;
};

class FakeListener final : public ListenerBackend {
 public:
  void start_accept() override {}
  Endpoint local_endpoint() const noexcept override {
    return Endpoint(Address::any(Address::Family::v4), 19919);
  }
  void release() noexcept override { ++releases; }

  void connect(FakeStream& stream) { complete_accept(Stream(stream)); }
  void fail(std::errc code) { complete_accept(failure(code)); }
  bool accept_pending() const noexcept { return accepting() != nullptr; }

  int releases = 0;
};

}  // namespace piccolo::test
