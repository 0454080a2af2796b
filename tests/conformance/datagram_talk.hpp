#pragma once

// What the cases say to datagram sockets: one word per outcome, as in talk.hpp.

#include <string>
#include <string_view>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"
#include "talk.hpp"

namespace piccolo::conformance {

DatagramSocket bind_or_throw(Env& env, const Endpoint& at = loopback(0));
// Two sockets on the loopback, connected to each other.
struct Peers {
  DatagramSocket one;
  DatagramSocket two;
};
Peers connected_peers(Env& env);
// An endpoint of the loopback where nobody is.
Endpoint deserted(Env& env);

// One receive of at most 64 bytes: "[the bytes]", followed by "..." if there was more, or the
// error's name.
Task<std::string> receive(DatagramSocket* socket, std::size_t room = 64);
// The sender of the next datagram.
Task<Endpoint> receive_sender(DatagramSocket* socket);
// What has arrived by now: "[a][b]".
Task<std::string> receive_all(Env& env, DatagramSocket* socket);
// "ok", or the error's name.
Task<std::string> send(DatagramSocket* socket, std::string_view text);
Task<std::string> send_to(DatagramSocket* socket, std::string_view text, Endpoint to);
Task<std::string> send_bytes_to(DatagramSocket* socket, std::size_t count, Endpoint to);
Task<void> receive_into(DatagramSocket* socket, std::string* result);

}  // namespace piccolo::conformance
