#include <algorithm>

#include "incarnation.hpp"

namespace piccolo {

SimListener::SimListener(World::Impl& world, Host& host, Incarnation& holder, const Endpoint& local,
                         int backlog)
    : world_(world),
      host_(host),
      holder_(holder),
      local_(local),
      backlog_(static_cast<std::size_t>(std::max(backlog, 0))) {
  host_.listeners.push_back(this);
  holder_.listeners.insert(*this);
}

SimListener::~SimListener() { holder_.listeners.erase(*this); }

void SimListener::start_accept() {
  if (waiting_.empty()) return;
  TcpEnd& end = *waiting_.front();
  waiting_.pop_front();
  end.listener_ = nullptr;
  Stream stream = end.hand_to_program(holder_);
  world_.record(EventKind::accepted, end.connection().id, holder_.process.id);
  world_.observe([&](Observer& observer) { observer.accepted(end.describe()); });
  complete_accept(std::move(stream));
}

void SimListener::completed(TcpEnd& end) {
  forget_half_open(end);
  end.queued_ = true;
  waiting_.push_back(&end);
  if (accepting() != nullptr) start_accept();
}

void SimListener::forget_half_open(TcpEnd& end) noexcept { std::erase(half_open_, &end); }

void SimListener::release() noexcept {
  close(false);
  delete this;
}

void SimListener::close(bool silently) noexcept {
  if (closed_) return;
  closed_ = true;
  std::erase(host_.listeners, this);
  for (TcpEnd* const end : waiting_) {
    if (silently) {
      end->queued_ = false;
      end->listener_ = nullptr;
    } else {
      end->reset_unaccepted();
    }
  }
  waiting_.clear();
  for (TcpEnd* const end : std::exchange(half_open_, {})) {
    end->listener_ = nullptr;
    if (!silently) end->die({});
  }
}

}  // namespace piccolo
