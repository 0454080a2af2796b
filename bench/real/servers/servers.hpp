#pragma once

// The echo servers that are compared. Each listens on a free port of 127.0.0.1, tells it by
// `announce`, and sends back whatever comes, for ever. `buffer_bytes` is read at a time.

#include <cstddef>
#include <cstdint>

namespace piccolo::bench {

constexpr int backlog = 4096;

// Writes the port to the standard output, where the parent waits for it.
void announce(std::uint16_t port);

void serve_piccolo(std::size_t buffer_bytes, unsigned threads);
void serve_raw_epoll(std::size_t buffer_bytes);
void serve_asio_callbacks(std::size_t buffer_bytes);
void serve_asio_awaitable(std::size_t buffer_bytes);

}  // namespace piccolo::bench
