#pragma once

// Mailbox<T>: a bounded channel between the tasks of one node, first in, first out. `send` waits
// while it is full, `receive` while it is empty. Values sent before `close` are still received;
// after that `receive` gives `mailbox_closed`, and `send` at once. The mailbox outlives whoever
// waits on it. T must move without throwing.

#include <cstddef>
#include <list>
#include <optional>
#include <utility>

#include "piccolo/core/assert.hpp"
#include "piccolo/core/block_pool.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/operation.hpp"

namespace piccolo {

namespace detail {

// First-in-first-out list of waiting operations; each removes itself in O(1).
template <class Node>
class WaitList {
 public:
  Node* front() const noexcept { return first_; }
  void push(Node& node) noexcept {
    node.previous = last_;
    node.next = nullptr;
    (last_ != nullptr ? last_->next : first_) = &node;
    last_ = &node;
  }
  void erase(Node& node) noexcept {
    (node.previous != nullptr ? node.previous->next : first_) = node.next;
    (node.next != nullptr ? node.next->previous : last_) = node.previous;
    node.previous = node.next = nullptr;
  }
  Node* pop() noexcept {
    Node* const node = first_;
    if (node != nullptr) erase(*node);
    return node;
  }

 private:
  Node* first_ = nullptr;
  Node* last_ = nullptr;
};

}  // namespace detail

template <class T>
class Mailbox {
 public:
  class SendOperation;
  class ReceiveOperation;
  struct Send {
    using operation_type = SendOperation;
    // A constructor: g++ 12 destroys aggregates with such members twice in an await.
    Send(Mailbox& to, T what) : mailbox(&to), value(std::move(what)) {}
    Mailbox* mailbox;
    T value;
  };
  struct Receive {
    using operation_type = ReceiveOperation;
    Mailbox* mailbox;
  };

  explicit Mailbox(std::size_t capacity) : capacity_(capacity) {
    PICCOLO_ASSERT(capacity > 0, "a mailbox needs room for at least one value");
  }
  ~Mailbox() {
    PICCOLO_ASSERT(senders_.front() == nullptr && receivers_.front() == nullptr,
                   "a mailbox was destroyed while a task waited on it");
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // `Result<void>`
  [[nodiscard]] Send send(T value) { return Send(*this, std::move(value)); }
  // `Result<T>`
  [[nodiscard]] Receive receive() noexcept { return Receive{this}; }

  // False, and the value is dropped, when the mailbox is full or closed.
  bool try_send(T value) {
    if (closed_) return false;
    if (ReceiveOperation* const receiver = receivers_.pop()) {
      receiver->finish(std::move(value));
      return true;
    }
    if (values_.size() >= capacity_) return false;
    values_.push_back(std::move(value));
    return true;
  }

  void close() noexcept {
    closed_ = true;
    while (SendOperation* const sender = senders_.pop()) {
      sender->finish(failure(Errc::mailbox_closed));
    }
    while (ReceiveOperation* const receiver = receivers_.pop()) {
      receiver->finish(failure(Errc::mailbox_closed));
    }
  }

  std::size_t size() const noexcept { return values_.size(); }

 private:
  void admit_sender() {
    if (SendOperation* const sender = senders_.pop()) {
      values_.push_back(std::move(sender->value_));
      sender->finish({});
    }
  }

  std::size_t capacity_;
  bool closed_ = false;
  std::list<T, block_pool::Allocator<T>> values_;  // a deque takes memory while it is empty
  detail::WaitList<SendOperation> senders_;
  detail::WaitList<ReceiveOperation> receivers_;
};

template <class T>
class Mailbox<T>::SendOperation final : public BasicOperation<SendOperation, void> {
 public:
  explicit SendOperation(Send description) noexcept
      : mailbox_(*description.mailbox), value_(std::move(description.value)) {}
  ~SendOperation() { this->abandon(); }

  void start() {
    if (mailbox_.closed_) {
      this->finish(failure(Errc::mailbox_closed));
    } else if (mailbox_.receivers_.front() == nullptr &&
               mailbox_.values_.size() >= mailbox_.capacity_) {
      mailbox_.senders_.push(*this);
    } else {
      mailbox_.try_send(std::move(value_));
      this->finish({});
    }
  }
  void forget() noexcept { mailbox_.senders_.erase(*this); }

  SendOperation* previous = nullptr;
  SendOperation* next = nullptr;

 private:
  friend class Mailbox;
  Mailbox& mailbox_;
  T value_;
};

template <class T>
class Mailbox<T>::ReceiveOperation final : public BasicOperation<ReceiveOperation, T> {
 public:
  explicit ReceiveOperation(Receive description) noexcept : mailbox_(*description.mailbox) {}
  ~ReceiveOperation() { this->abandon(); }

  void start() {
    if (!mailbox_.values_.empty()) {
      T value = std::move(mailbox_.values_.front());
      mailbox_.values_.pop_front();
      mailbox_.admit_sender();
      this->finish(std::move(value));
    } else if (mailbox_.closed_) {
      this->finish(failure(Errc::mailbox_closed));
    } else {
      mailbox_.receivers_.push(*this);
    }
  }
  void forget() noexcept { mailbox_.receivers_.erase(*this); }

  ReceiveOperation* previous = nullptr;
  ReceiveOperation* next = nullptr;

 private:
  Mailbox& mailbox_;
};

}  // namespace piccolo
