// Asio as its own examples use it: a session that holds itself alive, and two callbacks.

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <vector>

#include "asio.hpp"

namespace piccolo::bench {
namespace {

using Error = boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(AsioSocket socket, std::size_t buffer_bytes)
      : socket_(std::move(socket)), buffer_(buffer_bytes) {
    socket_.set_option(boost::asio::ip::tcp::no_delay(true));
  }

  void read() {
    socket_.async_read_some(boost::asio::buffer(buffer_),
                            [self = shared_from_this()](const Error& error, std::size_t got) {
                              if (!error) self->write(got);
                            });
  }

 private:
  void write(std::size_t bytes) {
    boost::asio::async_write(socket_, boost::asio::buffer(buffer_, bytes),
                             [self = shared_from_this()](const Error& error, std::size_t) {
                               if (!error) self->read();
                             });
  }

  AsioSocket socket_;
  std::vector<std::byte> buffer_;
};

void accept_next(AsioAcceptor& acceptor, std::size_t buffer_bytes) {
  acceptor.async_accept([&acceptor, buffer_bytes](const Error& error, AsioSocket socket) {
    if (!error) std::make_shared<Session>(std::move(socket), buffer_bytes)->read();
    accept_next(acceptor, buffer_bytes);
  });
}

}  // namespace

void serve_asio_callbacks(std::size_t buffer_bytes) {
  boost::asio::io_context io(1);
  AsioAcceptor acceptor = asio_listen(io);
  accept_next(acceptor, buffer_bytes);
  io.run();
}

}  // namespace piccolo::bench
