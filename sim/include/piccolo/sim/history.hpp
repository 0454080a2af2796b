#pragma once

// What clients asked of an object and what they were told, in the order in which it happened.
//
// Calls and returns are ordered as they are recorded: an operation precedes another if it was
// recorded as returned before the other was recorded as called. The times are for the reader of an
// explanation only, so that clocks that drift or step cannot spoil a verdict; in a simulation take
// the world's. An operation that is neither returned nor failed is *unknown*: it may have
// its effect at any moment after its call, or never. So leave an operation that timed out as it is.
//
// A client is a name for people. It may have any number of operations open: one that gave up on an
// operation and goes on leaves that one open for ever.
//
// Not thread-safe; one history per simulation.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/time.hpp"
#include "piccolo/sim/sequential_model.hpp"

namespace piccolo::sim {

// Valid in the history that gave it.
enum class OperationId : std::size_t {};

template <SequentialModel Model>
struct RecordedOperation {
  std::string client;
  typename Model::Input input;
  std::optional<typename Model::Output> output;  // none: unknown, or failed
  std::uint64_t called = 0;                      // position among the history's events
  std::uint64_t returned = 0;                    // the same; only with an output
  TimePoint called_at;
  TimePoint returned_at;  // only with an output
  bool failed = false;
};

template <SequentialModel Model>
class History {
 public:
  using Input = typename Model::Input;
  using Output = typename Model::Output;

  explicit History(Model model = Model()) : model_(std::move(model)) {}

  OperationId call(std::string_view client, Input input, TimePoint now) {
    operations_.push_back({.client = std::string(client),
                           .input = std::move(input),
                           .output = std::nullopt,
                           .called = events_++,
                           .called_at = now,
                           .returned_at = {}});
    return static_cast<OperationId>(operations_.size() - 1);
  }

  // The operation's answer reached its client. Aborts if it has returned or failed before.
  void returned(OperationId id, Output output, TimePoint now) {
    RecordedOperation<Model>& operation = open(id);
    operation.output.emplace(std::move(output));
    operation.returned = events_++;
    operation.returned_at = now;
  }

  // The operation certainly had no effect and never will: it is as if it had not been called. A
  // time-out is no such certainty. Aborts if it has returned or failed before.
  void failed(OperationId id) { open(id).failed = true; }

  // In the order of their calls; also those that failed.
  const std::vector<RecordedOperation<Model>>& operations() const noexcept { return operations_; }
  const Model& model() const noexcept { return model_; }

 private:
  RecordedOperation<Model>& open(OperationId id) {
    const auto index = static_cast<std::size_t>(id);
    PICCOLO_ASSERT(index < operations_.size(), "history: this operation was never called");
    RecordedOperation<Model>& operation = operations_[index];
    PICCOLO_ASSERT(!operation.output, "history: this operation has already returned");
    PICCOLO_ASSERT(!operation.failed, "history: this operation has already failed");
    return operation;
  }

  Model model_;
  std::vector<RecordedOperation<Model>> operations_;
  std::uint64_t events_ = 0;
};

}  // namespace piccolo::sim
