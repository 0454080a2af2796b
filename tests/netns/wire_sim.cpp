// Two machines in the simulator.

#include <array>
#include <stdexcept>

#include "guarded.hpp"
#include "piccolo/net_sim/world.hpp"
#include "wire.hpp"

namespace piccolo::netns {
namespace {

constexpr HostId host_of(Place place) { return place == Place::a ? 0 : 1; }

class SimWire final : public Wire, private PacketTap {
 public:
  explicit SimWire(World& world) : world_(world) { world.tap_packets(this); }

  void cut(Place from) override { world_.cut(host_of(from), host_of(other(from))); }
  void mend(Place from) override { world_.mend(host_of(from), host_of(other(from))); }
  void set_link(Place from, const LinkOptions& options) override {
    world_.set_link(host_of(from), host_of(other(from)), options);
  }
  std::uint64_t packets(Place from) override { return packets_[host_of(from)]; }
  void power_off(Place place) override { world_.power_off(host_of(place)); }
  void power_on(Place place, const Role& program) override {
    world_.power_on(host_of(place));
    start(place, program);
  }
  void start(Place place, const Role& program) {
    const ProcessId process = world_.add_process(
        host_of(place), place == Place::a ? "a" : "b", [this, program](Env& env) {
          return guarded(
              env, [this, program](Env& own) { return program(own, this); },
              std::chrono::minutes(60));
        });
    world_.start(process);
  }

 private:
  void packet(const PacketView& packet) noexcept override {
    if (packet.step == PacketStep::sent) ++packets_[packet.from];
  }
  // Two programs that meet poll for it (see `reached`); the wire itself is exact.
  Tolerance tolerance(Duration by_the_rules) const override {
    return {Duration(0), by_the_rules / 100 + std::chrono::milliseconds(1)};
  }

  World& world_;
  std::array<std::uint64_t, 2> packets_{};
};

WorldOptions options_for(const Setup& setup, std::uint64_t seed) {
  WorldOptions options;
  options.link = setup.link;
  options.ready_order = seed == 0 ? ReadyOrder::fifo : ReadyOrder::random;
  options.tcp.syn_retries = setup.kernel.syn_retries;
  options.tcp.synack_retries = setup.kernel.synack_retries;
  options.tcp.retransmits_max = setup.kernel.retries2;
  options.tcp.send_buffer = setup.kernel.buffer_bytes;
  options.tcp.receive_buffer = setup.kernel.buffer_bytes;
  options.ephemeral_ports = {setup.kernel.first_local_port, setup.kernel.last_local_port};
  return options;
}

}  // namespace

void run_in_simulator(const Setup& setup, const Role& at_a, const Role& at_b, std::uint64_t seed) {
  World world(seed, options_for(setup, seed));
  world.add_host("first");
  world.add_host("second");
  SimWire wire(world);
  wire.start(Place::a, at_a);
  wire.start(Place::b, at_b);
  world.run_until_idle();
  if (world.failure()) {
    throw std::runtime_error(world.failure()->rule + ": " + world.failure()->detail);
  }
  // Whatever the programs did, in the end the kernels have forgotten all of it.
  if (world.live_connections() != 0) throw std::runtime_error("a connection was left behind");
}

}  // namespace piccolo::netns
