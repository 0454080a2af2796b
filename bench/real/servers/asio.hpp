#pragma once

// What the two Asio servers share.

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "servers.hpp"

namespace piccolo::bench {

// With the executor's type known, and not the type-erased default: the fastest of Asio's spellings.
using AsioSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;
using AsioAcceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                        boost::asio::io_context::executor_type>;

inline AsioAcceptor asio_listen(boost::asio::io_context& io) {
  using boost::asio::ip::tcp;
  AsioAcceptor acceptor(io, tcp::v4());
  acceptor.bind(tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  acceptor.listen(backlog);
  announce(acceptor.local_endpoint().port());
  return acceptor;
}

}  // namespace piccolo::bench
