#pragma once

// Remote calls as small as may be: one stream for each call, one message there, one back. A call
// that fails may or may not have been carried out, and may still be after it has failed: what was
// written is on its way.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "piccolo/core/env.hpp"
#include "piccolo/core/task.hpp"

namespace piccolo::zoo {

// What the words mean is between the two who talk.
struct Message {
  Message() noexcept = default;
  explicit Message(std::uint64_t of) noexcept : kind(of) {}
  Message(std::uint64_t of, std::uint64_t first, std::uint64_t second = 0,
          std::uint64_t third = 0) noexcept
      : kind(of), words{first, second, third} {}

  std::uint64_t kind = 0;
  std::array<std::uint64_t, 5> words{};
};

// Connects, asks, and waits for the answer; `patience` is for all of it. Fails as the network does,
// and with `end_of_stream` when the server gave no answer.
Task<Result<Message>> call(Env& env, Endpoint server, Duration patience, Message request);

// Answers one request; nothing hangs up without an answer.
using Service = std::function<Task<std::optional<Message>>(Message)>;

// Serves calls until it is canceled, whatever the network does meanwhile. While it cannot listen,
// it tries again.
Task<void> serve(Env& env, Endpoint at, Service service);

}  // namespace piccolo::zoo
