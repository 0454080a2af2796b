#pragma once

// A datagram socket whose other side is the test.

#include <algorithm>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "piccolo/core/datagram.hpp"

namespace piccolo::test {

class FakeDatagram final : public DatagramBackend {
 public:
  explicit FakeDatagram(std::size_t send_room = 1000) : send_room_(send_room) {}

  void arrive(std::string datagram) {
    incoming_.push_back(std::move(datagram));
    pump();
  }
  void fail_receive(std::errc code) { complete_receive(failure(code)); }
  void make_room(std::size_t datagrams) {
    send_room_ += datagrams;
    if (sending() != nullptr) start_send();
  }

  void start_receive() override { pump(); }
  void start_send() override {
    if (send_room_ == 0) return;
    --send_room_;
    const auto data = sending()->data();
    const auto& to = sending()->to();
    sent.push_back(std::string(reinterpret_cast<const char*>(data.data()), data.size()) + " to " +
                   (to ? to->to_string() : "peer"));
    complete_send(data.size());
  }
  Result<void> connect(const Endpoint& remote) noexcept override {
    peer = remote;
    return {};
  }
  Endpoint local_endpoint() const noexcept override {
    return Endpoint(Address::loopback(Address::Family::v4), 1);
  }
  std::optional<Endpoint> remote_endpoint() const noexcept override { return peer; }
  void release() noexcept override { ++releases; }

  bool receive_pending() const noexcept { return receiving() != nullptr; }
  bool send_pending() const noexcept { return sending() != nullptr; }

  std::vector<std::string> sent;
  std::optional<Endpoint> peer;
  int releases = 0;

 private:
  void pump() {
    if (receiving() == nullptr || incoming_.empty()) return;
    const std::string datagram = incoming_.front();
    incoming_.pop_front();
    const auto buffer = receiving()->buffer();
    const std::size_t given = std::min(buffer.size(), datagram.size());
    if (given > 0) std::memcpy(buffer.data(), datagram.data(), given);
    const Endpoint from(Address::loopback(Address::Family::v4), 2);
    complete_receive(Received(given, from, given < datagram.size()));
  }

  std::deque<std::string> incoming_;
  std::size_t send_room_;
};

}  // namespace piccolo::test
