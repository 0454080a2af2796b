#pragma once

// Datagrams: UDP as a program sees it. `DatagramSocket` is a move-only handle like `Stream`, over a
// backend that the environment owns; destroying it closes the socket. Datagrams are lost,
// duplicated and reordered by the network, but never cut or joined by it.

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/operation.hpp"

namespace piccolo {

class DatagramReceiveOperation;
class DatagramSendOperation;

// What the largest IP packet has room for; IPv4: 65535 less 20 of IP and 8 of UDP.
inline constexpr std::size_t datagram_bytes_max_v4 = 65507;
inline constexpr std::size_t datagram_bytes_max_v6 = 65527;

struct DatagramOptions {
  DatagramOptions() noexcept = default;  // declared: g++ 12 miscompiles aggregates in awaits
  // What may wait to be received, kernel overhead included, as `net.core.rmem_default` counts it;
  // 0: the system's default. Linux doubles and bounds what is asked for: SO_RCVBUF in socket(7).
  std::uint32_t receive_buffer_bytes = 0;
};

struct Received {
  Received() noexcept = default;
  Received(std::size_t count, const Endpoint& sender, bool cut) noexcept
      : bytes(count), from(sender), truncated(cut) {}

  std::size_t bytes = 0;   // now in the buffer; 0 is a datagram, too
  Endpoint from;           // canonical
  bool truncated = false;  // the buffer was too small; the rest is gone
};

// What an environment implements. One receive and one send may be pending at a time; the
// operations themselves see to that before they call `start_receive` or `start_send`.
class DatagramBackend {
 public:
  // Tries to complete `receiving()`, now or later, by `complete_receive`.
  virtual void start_receive() = 0;
  virtual void start_send() = 0;
  virtual Result<void> connect(const Endpoint& remote) noexcept = 0;
  virtual Endpoint local_endpoint() const noexcept = 0;
  virtual std::optional<Endpoint> remote_endpoint() const noexcept = 0;
  // The handle is gone: close, and free what can be freed. No operation is pending.
  virtual void release() noexcept = 0;

  DatagramBackend(const DatagramBackend&) = delete;
  DatagramBackend& operator=(const DatagramBackend&) = delete;

 protected:
  DatagramBackend() noexcept = default;
  ~DatagramBackend() = default;

  DatagramReceiveOperation* receiving() const noexcept { return receiving_; }
  DatagramSendOperation* sending() const noexcept { return sending_; }
  void complete_receive(Result<Received> result) noexcept;
  void complete_send(Result<std::size_t> result) noexcept;

 private:
  friend class DatagramSocket;
  friend class DatagramReceiveOperation;
  friend class DatagramSendOperation;
  DatagramReceiveOperation* receiving_ = nullptr;
  DatagramSendOperation* sending_ = nullptr;
};

// Belongs to the thread of its environment, like everything that comes from a `Network`.
class DatagramSocket {
 public:
  struct ReceiveFrom;
  struct SendTo;

  DatagramSocket() noexcept = default;
  explicit DatagramSocket(DatagramBackend& backend) noexcept : backend_(&backend) {}
  DatagramSocket(DatagramSocket&& other) noexcept
      : backend_(std::exchange(other.backend_, nullptr)) {}
  DatagramSocket& operator=(DatagramSocket&& other) noexcept {
    if (this != &other) {
      close();
      backend_ = std::exchange(other.backend_, nullptr);
    }
    return *this;
  }
  ~DatagramSocket() { close(); }

  // `Result<Received>`: one datagram; an empty buffer takes one as well, and drops what it holds.
  // Fails with `connection_refused` (connected sockets only: the peer's host answered an earlier
  // send with "port unreachable"; told once, by a receive or a send), `operation_canceled`,
  // `concurrent_receive`, `bad_file_descriptor` (closed here).
  // The buffer must stay valid until the operation completes.
  [[nodiscard]] ReceiveFrom receive_from(std::span<std::byte> buffer) noexcept;

  // `Result<size_t>`: all of `data`, which may be empty, left as one datagram; whether it arrives
  // is not known. Goes to `to` also when the socket is connected elsewhere. Fails with
  // `message_size` (above `datagram_bytes_max_*`), `invalid_argument` (to port 0, or from loopback
  // to elsewhere), `address_family_not_supported` (IPv6 from an IPv4 socket),
  // `network_unreachable`, `permission_denied` (broadcast), `connection_refused` as receives do,
  // in which case nothing was sent, `operation_canceled`, `concurrent_send`,
  // `bad_file_descriptor`. `data` must stay valid until the operation completes.
  [[nodiscard]] SendTo send_to(std::span<const std::byte> data, const Endpoint& to) noexcept;
  // To the connected peer; `destination_address_required` without one.
  [[nodiscard]] SendTo send(std::span<const std::byte> data) noexcept;

  // Fixes the peer of `send`, and from now on takes datagrams from it alone; what waits already
  // stays. A wildcard address becomes the one from which the peer is reached. Nothing is sent. May
  // be called again, with another peer. Fails as `send_to` does for such a destination, also port
  // 0 is `invalid_argument`. Does not wait.
  Result<void> connect(const Endpoint& remote) noexcept;

  // What has been received and not fetched is lost. Pending operations complete with
  // `operation_canceled`.
  void close() noexcept;

  bool is_open() const noexcept { return backend_ != nullptr; }
  // With the port that was really bound. The socket must be open.
  Endpoint local_endpoint() const noexcept;
  // Of a connected socket. The socket must be open.
  std::optional<Endpoint> remote_endpoint() const noexcept;

 private:
  DatagramBackend* backend_ = nullptr;
};

class DatagramReceiveOperation final : public BasicOperation<DatagramReceiveOperation, Received> {
 public:
  explicit DatagramReceiveOperation(const DatagramSocket::ReceiveFrom& description) noexcept;
  ~DatagramReceiveOperation() { abandon(); }
  std::span<std::byte> buffer() const noexcept { return buffer_; }

  void start();
  void forget() noexcept { backend_->receiving_ = nullptr; }

 private:
  DatagramBackend* backend_;
  std::span<std::byte> buffer_;
};

class DatagramSendOperation final : public BasicOperation<DatagramSendOperation, std::size_t> {
 public:
  explicit DatagramSendOperation(const DatagramSocket::SendTo& description) noexcept;
  ~DatagramSendOperation() { abandon(); }
  std::span<const std::byte> data() const noexcept { return data_; }
  // Canonical; none: to the connected peer.
  const std::optional<Endpoint>& to() const noexcept { return to_; }

  void start();
  void forget() noexcept { backend_->sending_ = nullptr; }

 private:
  DatagramBackend* backend_;
  std::span<const std::byte> data_;
  std::optional<Endpoint> to_;
};

struct DatagramSocket::ReceiveFrom {
  using operation_type = DatagramReceiveOperation;
  DatagramBackend* backend;
  std::span<std::byte> buffer;
};

struct DatagramSocket::SendTo {
  using operation_type = DatagramSendOperation;
  DatagramBackend* backend;
  std::span<const std::byte> data;
  std::optional<Endpoint> to;
};

inline DatagramReceiveOperation::DatagramReceiveOperation(
    const DatagramSocket::ReceiveFrom& description) noexcept
    : backend_(description.backend), buffer_(description.buffer) {}

inline DatagramSendOperation::DatagramSendOperation(
    const DatagramSocket::SendTo& description) noexcept
    : backend_(description.backend), data_(description.data), to_(description.to) {}

inline DatagramSocket::ReceiveFrom DatagramSocket::receive_from(
    std::span<std::byte> buffer) noexcept {
  return ReceiveFrom{backend_, buffer};
}

inline DatagramSocket::SendTo DatagramSocket::send_to(std::span<const std::byte> data,
                                                      const Endpoint& to) noexcept {
  return SendTo{backend_, data, to.canonical()};
}

inline DatagramSocket::SendTo DatagramSocket::send(std::span<const std::byte> data) noexcept {
  return SendTo{backend_, data, std::nullopt};
}

}  // namespace piccolo
