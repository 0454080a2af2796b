#pragma once

// What the lower bounds are made of: a heap of moments, coroutines that are resumed by them, and
// draws.

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <utility>
#include <vector>

#include "piccolo/core/frame_pool.hpp"
#include "piccolo/core/random.hpp"

namespace piccolo::bench {

class BareTask {
 public:
  struct promise_type {
    std::coroutine_handle<> parent = std::noop_coroutine();

    BareTask get_return_object() noexcept {
      return BareTask(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    struct Final {
      bool await_ready() const noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> at) const noexcept {
        return at.promise().parent;
      }
      void await_resume() const noexcept {}
    };
    Final final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
    static void* operator new(std::size_t bytes) { return frame_pool::allocate(bytes); }
    static void operator delete(void* memory, std::size_t bytes) noexcept {
      frame_pool::deallocate(memory, bytes);
    }
  };

  BareTask(BareTask&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  BareTask& operator=(BareTask&&) = delete;
  ~BareTask() {
    if (frame_) frame_.destroy();
  }

  std::coroutine_handle<> handle() const noexcept { return frame_; }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> parent) const noexcept {
    frame_.promise().parent = parent;
    return frame_;
  }
  void await_resume() const noexcept {}

 private:
  explicit BareTask(std::coroutine_handle<promise_type> frame) noexcept : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

class BareWorld {
 public:
  explicit BareWorld(std::uint64_t seed) noexcept : seed_(seed) {}
  BareWorld(const BareWorld&) = delete;
  BareWorld& operator=(const BareWorld&) = delete;

  std::uint64_t now() const noexcept { return now_; }
  std::uint64_t draw() noexcept { return mix64(seed_ + golden_gamma * ++draws_); }

  void schedule(std::coroutine_handle<> who, std::uint64_t after) {
    heap_.push_back({now_ + after, draw(), who});
    std::push_heap(heap_.begin(), heap_.end());
  }
  void keep(BareTask task) { tasks_.push_back(std::move(task)); }
  void spawn(BareTask task) {
    schedule(task.handle(), 0);
    keep(std::move(task));
  }
  void run_until(std::uint64_t end) {
    while (!heap_.empty() && heap_.front().at <= end) {
      std::pop_heap(heap_.begin(), heap_.end());
      const Entry next = heap_.back();
      heap_.pop_back();
      now_ = next.at;
      next.who.resume();
    }
  }

 private:
  struct Entry {
    std::uint64_t at;
    std::uint64_t tie;
    std::coroutine_handle<> who;
    // The heap has its greatest first.
    bool operator<(const Entry& other) const noexcept {
      return at != other.at ? at > other.at : tie > other.tie;
    }
  };

  std::uint64_t seed_;
  std::uint64_t draws_ = 0;
  std::uint64_t now_ = 0;
  std::vector<Entry> heap_;
  std::deque<BareTask> tasks_;
};

}  // namespace piccolo::bench
