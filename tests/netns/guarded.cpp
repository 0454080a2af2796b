#include "guarded.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace piccolo::netns {
namespace {

class Watchdog final : private Timer {
 public:
  Watchdog(Env& env, Fiber& fiber, Duration patience) : env_(env), fiber_(fiber) {
    env.clock.arm(*this, saturating_add(env.clock.now(), patience));
  }
  ~Watchdog() {
    if (tree_.empty()) env_.clock.disarm(*this);
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  const std::string& tree() const noexcept { return tree_; }

 private:
  void fire() noexcept override {
    tree_ = env_.executor.task_tree();
    fiber_.request_cancel();
  }

  Env& env_;
  Fiber& fiber_;
  std::string tree_;
};

}  // namespace

Task<void> guarded(Env& env, Program program, Duration patience) {
  Fiber* const fiber = co_await this_fiber();
  Watchdog watchdog(env, *fiber, patience);
  Task<void> task = program(env);
  co_await std::move(task);
  if (!watchdog.tree().empty()) throw std::runtime_error("it hung:\n" + watchdog.tree());
}

}  // namespace piccolo::netns
