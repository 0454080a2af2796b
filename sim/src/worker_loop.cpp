#include "worker_loop.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include "checked_run.hpp"
#include "run_result_codec.hpp"
#include "worker_protocol.hpp"

namespace piccolo::sim {
namespace {

// Results of short runs go together: a message for each would take longer than the run.
constexpr std::size_t bytes_kept = std::size_t{32} * 1024;
constexpr std::chrono::milliseconds kept_for{2};

std::int64_t now() { return Duration(std::chrono::steady_clock::now().time_since_epoch()).count(); }

class Worker {
 public:
  Worker(const WorkerTask& task, WorkerSlot& slot, int socket)
      : task_(task), slot_(slot), socket_(socket) {}

  void work() {
    LeaseMessage lease;
    while (receive(lease)) {
      for (std::uint64_t index = 0; index < lease.count; ++index) {
        if (!run(lease.first + index)) return flush();
      }
      flush();
    }
  }

 private:
  bool receive(LeaseMessage& lease) {
    ssize_t got = 0;
    do {
      got = recv(socket_, &lease, sizeof lease, MSG_WAITALL);
    } while (got == -1 && errno == EINTR);
    return got == sizeof lease;
  }

  // False when an exception left the run: that is the end of the campaign.
  bool run(std::uint64_t position) {
    const SeedRange& seeds = task_.options.seeds;
    const std::uint64_t seed = task_.options.shard.seed_at(seeds, position);
    const std::int64_t start = now();
    // Time first: a position is never seen with the time of the one before it.
    slot_.since = start;
    slot_.position = position;
    try {
      const RunResult result =
          checked_run(task_.world, task_.scenario, seed, task_.options.check_ppm,
                      [this] { slot_.since = now(); });
      std::string bytes;
      encode(result, bytes);
      reply(Reply::result, bytes, now() - start);
    } catch (const std::invalid_argument& error) {
      reply(Reply::bad_argument, error.what(), 0);
      return false;
    } catch (const std::exception& error) {
      reply(Reply::exception, error.what(), 0);
      return false;
    } catch (...) {
      reply(Reply::exception, "the world threw something that is no std::exception", 0);
      return false;
    }
    slot_.position = WorkerSlot::none;
    return true;
  }

  void reply(Reply kind, std::string_view text, std::int64_t took) {
    const ReplyHeader header{kind, static_cast<std::uint32_t>(text.size()), took};
    kept_.append(reinterpret_cast<const char*>(&header), sizeof header);
    kept_.append(text);
    const std::int64_t moment = now();
    if (kept_.size() < bytes_kept && moment - flushed_ < Duration(kept_for).count()) return;
    flush();
    flushed_ = moment;
  }

  void flush() {
    std::string_view rest = kept_;
    while (!rest.empty()) {
      const ssize_t sent = send(socket_, rest.data(), rest.size(), MSG_NOSIGNAL);
      if (sent == -1 && errno == EINTR) continue;
      // Nobody is there to hear of it.
      if (sent <= 0) _exit(0);
      rest.remove_prefix(static_cast<std::size_t>(sent));
    }
    kept_.clear();
  }

  const WorkerTask& task_;
  WorkerSlot& slot_;
  int socket_;
  std::string kept_;
  std::int64_t flushed_ = 0;
};

}  // namespace

void worker_loop(const WorkerTask& task, WorkerSlot& slot, int socket) noexcept {
  Worker(task, slot, socket).work();
  _exit(0);
}

}  // namespace piccolo::sim
