#pragma once

// A list of pointers in which each element knows its place, so that removal costs O(1). The order
// is not kept, but is the same in every run.

#include <cstddef>
#include <vector>

namespace piccolo {

// `Slot` is the member of T that notes the place in this list.
template <class T, std::size_t T::* Slot>
class SlotList {
 public:
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);

  void insert(T& element) {
    element.*Slot = elements_.size();
    elements_.push_back(&element);
  }
  void erase(T& element) noexcept {
    const std::size_t slot = element.*Slot;
    if (slot == absent) return;
    elements_[slot] = elements_.back();
    elements_[slot]->*Slot = slot;
    elements_.pop_back();
    element.*Slot = absent;
  }
  std::size_t size() const noexcept { return elements_.size(); }
  bool empty() const noexcept { return elements_.empty(); }
  T& back() const noexcept { return *elements_.back(); }
  auto begin() const noexcept { return elements_.begin(); }
  auto end() const noexcept { return elements_.end(); }

 private:
  std::vector<T*> elements_;
};

}  // namespace piccolo
