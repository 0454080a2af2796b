// Two machines that are network namespaces of this one.

#include <array>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "guarded.hpp"
#include "namespace.hpp"
#include "piccolo/net_real/real_world.hpp"
#include "relay.hpp"
#include "wire.hpp"

namespace piccolo::netns {
namespace {

constexpr unsigned index_of(Place place) { return place == Place::a ? 0 : 1; }

void tune(const KernelOptions& options) {
  const auto set = [](const char* name, std::uint64_t value) {
    write_sysctl(std::string("ipv4/tcp_") + name, std::to_string(value));
  };
  set("syn_retries", options.syn_retries);
  set("synack_retries", options.synack_retries);
  set("retries2", options.retries2);
  set("no_metrics_save", 1);
  // Kernels from 6.5 on send the first SYNs a second apart each. The rules here are the older ones,
  // which a kernel of 6.1 (Debian 12) knows no others than.
  try {
    set("syn_linear_timeouts", 0);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_such_file_or_directory) throw;
  }
  write_sysctl("ipv4/ip_local_port_range", std::to_string(options.first_local_port) + " " +
                                               std::to_string(options.last_local_port));
  // Twice: the kernel counts what it needs to keep the bytes as well.
  const std::string size = std::to_string(2 * options.buffer_bytes);
  write_sysctl("ipv4/tcp_wmem", "4096 " + size + " " + size);
  write_sysctl("ipv4/tcp_rmem", "4096 " + size + " " + size);
}

// A kernel with one program on it, and the thread that runs it.
class Machine {
 public:
  explicit Machine(const Setup& setup) {
    place_.inside([&] { tune(setup.kernel); });
  }
  ~Machine() {
    if (thread_.joinable()) thread_.join();
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  FileDescriptor open_wire(Place place, std::uint32_t mtu) const {
    constexpr std::uint32_t least_mtu_v6 = 1280;  // RFC 8200
    TunOptions options;
    options.v4 = address_of(place);
    options.mtu = mtu;
    if (mtu >= least_mtu_v6) options.v6 = address_of(place, Address::Family::v6);
    FileDescriptor tun;
    place_.inside([&] { tun = open_tun(options); });
    return tun;
  }

  void start(Program program) {
    thread_ = std::thread([this, program = std::move(program)] { run(program); });
  }

  // The program ends where it next waits for something.
  void abandon() {
    const std::lock_guard lock(mutex_);
    abandoned_ = true;
    if (world_ != nullptr) world_->stop();
  }

  // Waits for the program's end; rethrows its exception, unless the machine was abandoned.
  void finish() {
    thread_.join();
    if (exception_ && !abandoned_) std::rethrow_exception(exception_);
  }

 private:
  void run(const Program& program) {
    try {
      place_.enter();
      RealOptions options;
      options.handle_signals = false;
      options.log_level = LogLevel::off;
      RealWorld world(options);
      world.start(0, program);
      set_world(&world);
      world.run();
    } catch (...) {
      exception_ = std::current_exception();
    }
    set_world(nullptr);
  }
  void set_world(RealWorld* world) {
    const std::lock_guard lock(mutex_);
    world_ = world;
  }

  Namespace place_;
  std::mutex mutex_;
  RealWorld* world_ = nullptr;  // while it runs; guarded by mutex_
  bool abandoned_ = false;
  std::exception_ptr exception_;
  std::thread thread_;
};

class NetnsWire final : public Wire {
 public:
  NetnsWire(const Setup& setup, std::uint64_t seed) : setup_(setup), relay_(setup.link, seed) {}

  void cut(Place from) override { relay_.cut(index_of(from)); }
  void mend(Place from) override { relay_.mend(index_of(from)); }
  void set_link(Place from, const LinkOptions& options) override {
    relay_.set_link(index_of(from), options);
  }
  std::uint64_t packets(Place from) override { return relay_.sent(index_of(from)); }
  void power_off(Place place) override {
    const std::lock_guard lock(mutex_);
    relay_.detach(index_of(place));
    machines_[current_[index_of(place)]]->abandon();
  }
  void power_on(Place place, const Role& program) override {
    add(place);
    start(place, program);
  }

  // A machine of its own, on the wire.
  void add(Place place) {
    auto machine = std::make_unique<Machine>(setup_);
    relay_.attach(index_of(place), machine->open_wire(place, setup_.link.mtu_bytes));
    const std::lock_guard lock(mutex_);
    current_[index_of(place)] = machines_.size();
    machines_.push_back(std::move(machine));
  }
  void start(Place place, const Role& program) {
    const std::lock_guard lock(mutex_);
    machines_[current_[index_of(place)]]->start([this, program](Env& env) {
      return guarded(
          env, [this, program](Env& own) { return program(own, this); }, std::chrono::seconds(60));
    });
  }

  // Until all programs have ended, those that others started included.
  void finish() {
    std::exception_ptr first;
    for (std::size_t at = 0; Machine* const machine = machine_at(at); ++at) {
      try {
        machine->finish();
      } catch (...) {
        if (!first) first = std::current_exception();
      }
    }
    if (first) std::rethrow_exception(first);
  }

 private:
  Tolerance tolerance(Duration by_the_rules) const override {
    return {std::chrono::milliseconds(10), by_the_rules / 4 + std::chrono::milliseconds(100)};
  }
  Machine* machine_at(std::size_t at) {
    const std::lock_guard lock(mutex_);
    return at < machines_.size() ? machines_[at].get() : nullptr;
  }

  Setup setup_;
  Relay relay_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Machine>> machines_;  // those without power included
  std::array<std::size_t, 2> current_{};
};

}  // namespace

void run_in_namespaces(const Setup& setup, const Role& at_a, const Role& at_b, std::uint64_t seed) {
  NetnsWire wire(setup, seed);
  wire.add(Place::a);
  wire.add(Place::b);
  wire.start(Place::a, at_a);
  wire.start(Place::b, at_b);
  wire.finish();
}

}  // namespace piccolo::netns
