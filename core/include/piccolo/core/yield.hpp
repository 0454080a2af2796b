#pragma once

// `co_await yield()`: lets the other ready tasks of this environment run first, as the ready order
// has it. Takes no time. `Result<void>`: fails only with `operation_canceled`. A loop that does
// nothing but yield until something happens is one that a simulation calls stuck: wait for it, or
// sleep.

#include "piccolo/core/operation.hpp"

namespace piccolo {

class YieldOperation;

struct Yield {
  using operation_type = YieldOperation;
};

class YieldOperation final : public BasicOperation<YieldOperation, void> {
 public:
  explicit YieldOperation(Yield) noexcept {}
  ~YieldOperation() { abandon(); }

  void start() noexcept { finish({}); }
  void forget() noexcept {}
};

[[nodiscard]] inline Yield yield() noexcept { return {}; }

}  // namespace piccolo
