#include "locks/lock_service.hpp"

#include <algorithm>
#include <utility>

#include "rpc.hpp"

namespace piccolo::zoo {
namespace {

class Locks {
 public:
  // A service that was down cannot know how much of the lease is left: it begins anew.
  Locks(Env& env, const LockConfig& config)
      : env_(env), config_(config), disk_(*config.disk), begun_(env.clock.now()) {}

  Message answer(const Message& request) {
    const std::uint64_t worker = request.words[0];
    if (request.kind == acquire) return acquired(worker);
    if (worker != disk_.holder || request.words[1] != disk_.token) return Message(refusal);
    if (request.kind == renew) return renewed();
    disk_.holder = 0;
    return Message(refusal);
  }

 private:
  TimePoint lease_ends() const {
    const bool unlimited = config_.mistake == LockMistake::unconfirmed_grants && !disk_.confirmed;
    return unlimited ? TimePoint::max() : saturating_add(begun_, config_.lease);
  }

  std::uint64_t next_token() {
    if (config_.mistake == LockMistake::forgets_tokens) return ++grants_;
    return disk_.token + 1;
  }

  Message acquired(std::uint64_t worker) {
    if (disk_.holder != 0 && env_.clock.now() < lease_ends()) return Message(refusal);
    if (disk_.holder != 0) env_.probes.sometimes("a lease runs out");
    disk_ = LockDisk{worker, next_token(), false};
    config_.ledger->granted(worker, disk_.token);
    env_.log.info("Granted to [{}], token [{}]", worker, disk_.token);
    return lease_from_now();
  }

  Message renewed() {
    disk_.confirmed = true;
    return lease_from_now();
  }

  Message lease_from_now() {
    begun_ = env_.clock.now();
    const WallTime until = env_.clock.wall_now() + config_.lease;
    return Message(grant, disk_.token, static_cast<std::uint64_t>(config_.lease.count()),
                   static_cast<std::uint64_t>(until.time_since_epoch().count()));
  }

  Env& env_;
  const LockConfig& config_;
  LockDisk& disk_;
  TimePoint begun_;
  std::uint64_t grants_ = 0;
};

Task<std::optional<Message>> answer_worker(Locks* locks, Message request) {
  co_return locks->answer(request);
}

Task<std::optional<Message>> answer_writer(Env& env, const StoreConfig* store, Message request) {
  const std::uint64_t token = request.words[1];
  if (token < store->disk->token && store->mistake != LockMistake::no_fencing) {
    env.probes.sometimes("a late write is turned away");
    co_return Message(refusal);
  }
  store->disk->token = std::max(token, store->disk->token);
  store->ledger->stored(request.words[0], token);
  co_return Message(stored);
}

}  // namespace

Task<void> lock_service(Env& env, LockConfig config) {
  Locks locks(env, config);
  Service service = [&locks](Message request) { return answer_worker(&locks, request); };
  const Endpoint here = config.at;
  co_await serve(env, here, std::move(service));
}

Task<void> guarded_store(Env& env, StoreConfig config) {
  Service service = [&env, &config](Message request) {
    return answer_writer(env, &config, request);
  };
  const Endpoint here = config.at;
  co_await serve(env, here, std::move(service));
}

}  // namespace piccolo::zoo
