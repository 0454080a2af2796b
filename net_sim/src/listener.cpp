#include <algorithm>

#include "incarnation.hpp"

namespace piccolo {
namespace {

// __sys_listen() compares without a sign, and cuts off at net.core.somaxconn.
std::size_t backlog_of(int asked) noexcept {
  constexpr std::size_t somaxconn = 4096;
  return asked < 0 ? somaxconn : std::min(static_cast<std::size_t>(asked), somaxconn);
}

}  // namespace

SimListener::SimListener(World::Impl& world, Host& host, Incarnation& holder, const Endpoint& local,
                         int backlog)
    : world_(world), host_(host), holder_(holder), local_(local), backlog_(backlog_of(backlog)) {
  host_.listeners.emplace(local.port, this);
  holder_.listeners.insert(*this);
}

SimListener::~SimListener() { holder_.listeners.erase(*this); }

void SimListener::start_accept() {
  // __sys_accept4() takes a descriptor before it looks for a connection, which stays in the queue.
  if (holder_.lacks_descriptor()) {
    return complete_accept(failure(std::errc::too_many_files_open));
  }
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
  if (accepting() != nullptr && !holder_.holds_back()) start_accept();
}

void SimListener::forget_half_open(TcpEnd& end) noexcept { std::erase(half_open_, &end); }

void SimListener::release() noexcept {
  close(false);
  delete this;
}

void SimListener::close(bool silently) noexcept {
  if (closed_) return;
  closed_ = true;
  const auto [first, last] = host_.listeners.equal_range(local_.port);
  host_.listeners.erase(
      std::find_if(first, last, [this](const auto& each) { return each.second == this; }));
  for (TcpEnd* const end : waiting_) {
    if (silently) {
      end->queued_ = false;
      end->listener_ = nullptr;
      world_.note_reapable(end->connection());
    } else {
      end->reset_unaccepted();
    }
  }
  waiting_.clear();
  // Their clients go on sending SYNs, which may find another listener; also after a power loss.
  for (TcpEnd* const end : std::exchange(half_open_, {})) {
    end->listener_ = nullptr;
    end->drop_half_open();
  }
}

}  // namespace piccolo
