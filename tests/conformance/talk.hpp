#pragma once

// What the cases say to streams, and how they write down what happened: one word per outcome,
// compared word for word in both worlds.

#include <string>
#include <string_view>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::conformance {

// "ok", or the error's name.
template <class T>
std::string outcome(const Result<T>& result) {
  return result ? "ok" : error_name(result.error());
}

// Both ends of one connection.
struct Pair {
  Stream client;
  Stream server;
};

// Long enough for whatever is under way on a loopback to arrive.
Task<void> settle(Env& env);

// The value, or an exception that ends the case: for what the case takes for granted.
Listener listen_or_throw(Env& env, const Endpoint& at, int backlog = 1024);
Task<Stream> connect_or_throw(Env& env, Endpoint to);
Task<Stream> accept_or_throw(Listener* listener);
Task<Pair> connected_pair(Env& env);

// One read of at most 64 bytes: "[the bytes]", "end", or the error's name.
Task<std::string> read(Stream* stream);
// One write: the number of bytes taken, or the error's name.
Task<std::string> write(Stream* stream, std::string_view text);
// Reads to the end: the bytes, and then "|end" or "|" and the error's name.
Task<std::string> read_all(Stream* stream);
// Writes until nothing more is taken: the number of bytes.
Task<std::size_t> fill(Env& env, Stream* stream);
// Reads to the end: the number of bytes.
Task<std::size_t> drain(Stream* stream);

// The same into a string, for a fiber of its own.
Task<void> read_into(Stream* stream, std::string* result);
Task<void> write_into(Stream* stream, std::string_view text, std::string* result);
Task<void> accept_into(Listener* listener, std::string* result);
Task<void> connect_into(Env& env, Endpoint to, std::string* result);

Endpoint loopback(std::uint16_t port, Address::Family family = Address::Family::v4);

}  // namespace piccolo::conformance
