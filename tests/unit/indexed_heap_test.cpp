#include "piccolo/core/indexed_heap.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "death.hpp"
#include "piccolo/core/timer.hpp"
#include "property.hpp"

using namespace piccolo;

namespace {

struct Node : HeapHook {
  explicit Node(int with) : key(with) {}
  int key;
};
using Heap = IndexedHeap<int, Node>;

std::vector<int> pop_all(Heap& heap) {
  std::vector<int> keys;
  while (!heap.empty()) keys.push_back(heap.pop().key);
  return keys;
}

struct Quiet : Timer {
  void fire() noexcept override {}
};

}  // namespace

TEST_CASE("indexed heap: nodes come out in the order of their keys") {
  std::vector<std::unique_ptr<Node>> nodes;
  Heap heap;
  for (const int key : {5, 3, 9, 1, 7, 3, 8}) {
    nodes.push_back(std::make_unique<Node>(key));
    heap.push(key, *nodes.back());
  }
  CHECK(heap.size() == 7);
  CHECK(heap.top_key() == 1);
  CHECK(pop_all(heap) == std::vector<int>{1, 3, 3, 5, 7, 8, 9});
  CHECK(heap.empty());
}

TEST_CASE("indexed heap: a node knows whether it is queued, and can be queued again") {
  Heap heap;
  Node node(1);
  CHECK_FALSE(node.queued());
  heap.push(1, node);
  CHECK(node.queued());
  heap.erase(node);
  CHECK_FALSE(node.queued());
  heap.push(2, node);
  CHECK(&heap.pop() == &node);
  CHECK_FALSE(node.queued());
}

TEST_CASE("indexed heap: misuse aborts and says what was wrong") {
  CHECK(test::abort_message([] {
          Heap heap;
          Node node(1);
          heap.push(1, node);
          heap.push(2, node);
        }).find("a node was queued twice") != std::string::npos);
  CHECK(test::abort_message([] {
          Heap heap;
          Node node(1);
          heap.erase(node);
        }).find("a node was taken out of a heap it is not in") != std::string::npos);
  CHECK(test::abort_message([] {
          Heap one;
          Heap other;
          Node node(1);
          Node stranger(1);
          one.push(1, node);
          other.push(1, stranger);
          one.erase(stranger);
        }).find("a node was taken out of a heap it is not in") != std::string::npos);
}

TEST_CASE("indexed heap: it agrees with a multimap whatever is pushed, popped and erased") {
  rc::prop("operations in any order", [] {
    std::vector<std::unique_ptr<Node>> nodes;
    std::multimap<int, Node*> model;
    Heap heap;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
    for (const int step : steps) {
      if (step < 4) {  // push; few different keys, so that equal ones are common
        nodes.push_back(std::make_unique<Node>(*rc::gen::inRange(-10, 10)));
        heap.push(nodes.back()->key, *nodes.back());
        model.emplace(nodes.back()->key, nodes.back().get());
      } else if (model.empty()) {
        RC_ASSERT(heap.empty());
      } else if (step < 6) {  // pop
        RC_ASSERT(heap.top_key() == model.begin()->first);
        Node& popped = heap.pop();
        RC_ASSERT(popped.key == model.begin()->first);
        std::erase_if(model, [&popped](const auto& entry) { return entry.second == &popped; });
      } else {  // erase from the middle
        const auto index = *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(model));
        const auto chosen = std::next(model.begin(), index);
        heap.erase(*chosen->second);
        model.erase(chosen);
      }
      RC_ASSERT(heap.size() == model.size());
      RC_ASSERT((heap.empty() || heap.top_key() == model.begin()->first));
    }
    for (const auto& node : nodes) {
      const bool expected = std::any_of(model.begin(), model.end(), [&node](const auto& entry) {
        return entry.second == node.get();
      });
      RC_ASSERT(node->queued() == expected);
    }
    std::vector<int> keys;
    for (const auto& [key, node] : model) keys.push_back(key);
    RC_ASSERT(pop_all(heap) == keys);
  });
}

TEST_CASE("timer queue: equal times come out by their tie") {
  TimerQueue queue;
  Quiet first;
  Quiet second;
  Quiet early;
  const TimePoint at(Duration(5));
  queue.push(TimerKey{at, 2}, second);
  queue.push(TimerKey{at, 1}, first);
  queue.push(TimerKey{TimePoint(Duration(4)), 9}, early);
  CHECK(&queue.pop() == &early);
  CHECK(&queue.pop() == &first);
  CHECK(&queue.pop() == &second);
}
