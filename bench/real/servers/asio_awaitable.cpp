// Asio's own coroutines.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <vector>

#include "asio.hpp"

namespace piccolo::bench {
namespace {

using IoExecutor = boost::asio::io_context::executor_type;
template <class T>
using Awaitable = boost::asio::awaitable<T, IoExecutor>;
constexpr auto result = boost::asio::as_tuple(boost::asio::use_awaitable_t<IoExecutor>());

Awaitable<void> echo(AsioSocket socket, std::size_t buffer_bytes) {
  socket.set_option(boost::asio::ip::tcp::no_delay(true));
  std::vector<std::byte> buffer(buffer_bytes);
  for (;;) {
    const auto [read_error, got] =
        co_await socket.async_read_some(boost::asio::buffer(buffer), result);
    if (read_error) co_return;
    const auto [write_error, sent] =
        co_await boost::asio::async_write(socket, boost::asio::buffer(buffer, got), result);
    if (write_error) co_return;
  }
}

Awaitable<void> accept_all(AsioAcceptor& acceptor, std::size_t buffer_bytes) {
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(result);
    if (error) continue;
    const IoExecutor executor = acceptor.get_executor();
    boost::asio::co_spawn(executor, echo(std::move(socket), buffer_bytes), boost::asio::detached);
  }
}

}  // namespace

void serve_asio_awaitable(std::size_t buffer_bytes) {
  boost::asio::io_context io(1);
  AsioAcceptor acceptor = asio_listen(io);
  boost::asio::co_spawn(io, accept_all(acceptor, buffer_bytes), boost::asio::detached);
  io.run();
}

}  // namespace piccolo::bench
