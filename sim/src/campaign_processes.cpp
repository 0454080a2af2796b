#include "campaign_processes.hpp"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <deque>
#include <map>
#include <stdexcept>

#include "campaign_worker.hpp"
#include "run_result_codec.hpp"
#include "worker_death.hpp"
#include "worker_signals.hpp"

namespace piccolo::sim {
namespace {

// What writing its stack may take a worker that hangs.
constexpr std::chrono::seconds last_words{3};
// In a row, before any run: there is no seed to blame, and no hope.
constexpr unsigned early_deaths_max = 10;

// A caller that ignores its children's ends would keep us from hearing of them.
class ChildSignal {
 public:
  ChildSignal() {
    struct sigaction action{};
    action.sa_handler = SIG_DFL;
    sigemptyset(&action.sa_mask);
    sigaction(SIGCHLD, &action, &before_);
  }
  ~ChildSignal() { sigaction(SIGCHLD, &before_, nullptr); }
  ChildSignal(const ChildSignal&) = delete;
  ChildSignal& operator=(const ChildSignal&) = delete;

 private:
  struct sigaction before_{};
};

class ProcessCampaign {
 public:
  ProcessCampaign(const WorldDescription& world, const Scenario& scenario,
                  const CampaignOptions& options)
      : task_{world, scenario, options},
        options_(options),
        clock_(options),
        ledger_(options, std::max(options.jobs, 1U) * SeedLedger::window_per_job),
        board_(std::max(options.jobs, 1U)) {
    for (std::size_t worker = 0; worker < std::max(options.jobs, 1U); ++worker) {
      workers_.emplace_back(board_.slot(worker));
    }
  }

  CampaignResult run() {
    while (!done()) {
      hand_out();
      wait();
      for (CampaignWorker& worker : workers_) {
        if (worker.process) serve(worker);
      }
      look_at_the_clock();
    }
    ledger_.close();
    report();
    CampaignResult result = ledger_.take_result();
    result.wall_time = clock_.elapsed();
    return result;
  }

 private:
  bool done() const {
    if (ledger_.closed() || clock_.grace_is_over()) return true;
    return !more() && std::ranges::all_of(workers_, &CampaignWorker::idle);
  }

  bool more() const { return !clock_.ending() && (ledger_.more() || !returned_.empty()); }

  void start(CampaignWorker& worker) {
    worker.slot.position = WorkerSlot::none;
    worker.given_up.reset();
    worker.process.emplace(task_, worker.slot, [this] { close_all_descriptors(); });
  }

  // In a worker: the descriptors of the others are not for it.
  void close_all_descriptors() noexcept {
    for (CampaignWorker& worker : workers_) {
      if (worker.process) worker.process->close_descriptors();
    }
  }

  // ---- seeds to workers ----

  // The hungriest first would be fairer; the next round comes soon enough.
  void hand_out() {
    for (CampaignWorker& worker : workers_) {
      if (!more()) return;
      if (!worker.process) start(worker);
      if (worker.given_up) continue;
      for (std::size_t wanted = lease_size_.wanted(worker.leased.size()); wanted > 0;) {
        const std::size_t given = lease(worker, wanted);
        if (given == 0) break;
        wanted -= given;
      }
    }
  }

  // One message: seeds that follow each other.
  std::size_t lease(CampaignWorker& worker, std::size_t wanted) {
    LeaseMessage message;
    while (message.count < wanted) {
      const auto next = take(message);
      if (!next) break;
      if (message.count++ == 0) message.first = next->position;
      worker.leased.push_back(*next);
    }
    if (message.count > 0) worker.process->send(message);
    return message.count;
  }

  // What a dead worker had is given out first.
  std::optional<SeedLedger::Lease> take(const LeaseMessage& message) {
    const auto follows = [&message](std::uint64_t position) {
      return message.count == 0 || position == message.first + message.count;
    };
    if (returned_.empty()) {
      if (message.count > 0 && !follows(next_position_)) return std::nullopt;
      const auto lease = ledger_.take();
      if (lease) next_position_ = lease->position + 1;
      return lease;
    }
    const auto first = returned_.begin();
    if (!follows(first->first)) return std::nullopt;
    const SeedLedger::Lease lease{first->first, first->second};
    returned_.erase(first);
    return lease;
  }

  // ---- results from workers ----

  void wait() {
    std::vector<pollfd> descriptors;
    descriptors.reserve(2 * workers_.size());
    for (const CampaignWorker& worker : workers_) {
      if (!worker.process) continue;
      descriptors.push_back({worker.process->replies(), POLLIN, 0});
      descriptors.push_back({worker.process->errors(), POLLIN, 0});
    }
    // An interruption by a signal is as good as a tick.
    static_cast<void>(poll(descriptors.data(), descriptors.size(),
                           static_cast<int>(CampaignClock::tick.count())));
  }

  void serve(CampaignWorker& worker) {
    // First: what a dead process had sent is complete.
    const bool dead = worker.process->dead();
    worker.process->receive_replies();
    while (const auto reply = worker.process->next_reply()) hear(worker, *reply);
    worker.process->receive_errors();
    worker.words.hear(worker.process->take_errors(), worker.slot.position);
    if (dead) return bury(worker);
    pass_on(worker.words.take_settled(
        [&](std::uint64_t position) { return worker.leased_at(position) == nullptr; }));
  }

  void hear(CampaignWorker& worker, const WorkerProcess::Received& reply) {
    if (reply.header.kind == Reply::bad_argument)
      throw std::invalid_argument(std::string(reply.text));
    if (reply.header.kind == Reply::exception) throw std::runtime_error(std::string(reply.text));
    auto run = decode(reply.text);
    if (!run || worker.idle() || run->seed != worker.leased.front().seed) {
      throw std::runtime_error("a worker process sent what is no result: its memory is damaged");
    }
    lease_size_.learn(Duration(reply.header.nanoseconds));
    early_deaths_ = 0;
    const std::uint64_t position = worker.leased.front().position;
    worker.leased.pop_front();
    ledger_.hand_in(position, std::move(*run));
  }

  static void pass_on(const std::string& errors) {
    if (errors.empty()) return;
    static_cast<void>(std::fwrite(errors.data(), 1, errors.size(), stderr));
  }

  // ---- workers that are gone ----

  void bury(CampaignWorker& worker) {
    const std::string errors = worker.words.take_all();
    if (const SeedLedger::Lease* const seed = worker.running()) {
      blame(worker, *seed, errors);
    } else if (!worker.idle() && !clock_.ending()) {
      early_death(worker, errors);
    }
    for (const SeedLedger::Lease& lease : worker.leased) {
      returned_.emplace(lease.position, lease.seed);
    }
    worker.leased.clear();
    worker.process.reset();
  }

  void blame(CampaignWorker& worker, SeedLedger::Lease seed, const std::string& errors) {
    const bool hung = worker.given_up.has_value();
    // It went on in the last moment, and was killed for nothing: the seed is run again.
    if (hung && *worker.given_up != worker.slot.since) return;
    std::erase_if(worker.leased,
                  [&](const auto& lease) { return lease.position == seed.position; });
    early_deaths_ = 0;
    ledger_.hand_in(seed.position,
                    lost_run(seed.seed, hung ? hang_violation(options_.seed_patience, errors)
                                             : crash_violation(worker.process->status(), errors)));
  }

  void early_death(const CampaignWorker& worker, const std::string& errors) {
    if (++early_deaths_ < early_deaths_max) return;
    throw std::runtime_error("worker processes end before they run a seed: " +
                             crash_violation(worker.process->status(), errors).detail);
  }

  // ---- real time ----

  void look_at_the_clock() {
    clock_.end_early(ledger_);
    for (CampaignWorker& worker : workers_) give_up_if_stuck(worker);
    if (real_now() >= next_report_) report();
  }

  void give_up_if_stuck(CampaignWorker& worker) {
    if (worker.given_up) {
      if (real_now() - worker.given_up_at > last_words) worker.process->signal(SIGKILL);
      return;
    }
    if (worker.running() == nullptr) return;
    const std::int64_t since = worker.slot.since;
    if (!clock_.out_of_patience(real_now().time_since_epoch() - Duration(since))) return;
    worker.given_up = since;
    worker.given_up_at = real_now();
    worker.process->signal(worker_quit_signal);
  }

  void report() {
    next_report_ = real_now() + CampaignClock::tick;
    if (options_.progress) options_.progress(clock_.progress(ledger_));
  }

  WorkerTask task_;
  const CampaignOptions& options_;
  ChildSignal child_signal_;
  CampaignClock clock_;
  SeedLedger ledger_;
  WorkerBoard board_;
  std::deque<CampaignWorker> workers_;
  std::map<std::uint64_t, std::uint64_t> returned_;  // positions, and their seeds
  std::uint64_t next_position_ = 0;                  // that the ledger gives out
  LeaseSize lease_size_;
  RealTime next_report_;
  unsigned early_deaths_ = 0;
};

}  // namespace

CampaignResult run_in_processes(const WorldDescription& world, const Scenario& scenario,
                                const CampaignOptions& options) {
  return ProcessCampaign(world, scenario, options).run();
}

}  // namespace piccolo::sim
