// Another program has a port. Nothing happens to who listens there already, so what is drawn
// restarts all processes of the host: the one whose port is gone climbs to another. When the port
// is free again they are restarted once more, or nobody would find them at the ports that they are
// known for.

#include "rules.hpp"

namespace piccolo {
namespace {

enum Form : std::uint8_t { plain, with_restart };

constexpr std::string_view forms[] = {"take port {port} of {host} for {for}",
                                      "restart {process} with its port taken for {for}"};

void draw(Fault& fault, const FaultScene& scene, Draws& draws) {
  fault.form = with_restart;
  fault.subjects = {draw_process(scene, draws)};
}

void restart_all(World& world, HostId host) {
  for (ProcessId process = 0; process < world.process_count(); ++process) {
    if (world.process_host(process) == host && world.running(process)) world.restart(process);
  }
}

Heal strike(World& world, const Fault& fault) {
  if (fault.form == plain) {
    const HostId host = fault.subjects[0];
    const auto port = static_cast<std::uint16_t>(fault.amount);
    world.take_port(host, port);
    return [host, port](World& in, const Fault&) { in.give_back_port(host, port); };
  }
  const HostId host = world.process_host(fault.subjects[0]);
  const std::uint16_t port = world.last_port(fault.subjects[0]);
  if (port == 0) return {};  // it never got to listen
  world.take_port(host, port);
  restart_all(world, host);
  return [host, port](World& in, const Fault&) {
    in.give_back_port(host, port);
    restart_all(in, host);
  };
}

std::uint32_t host_of(const Fault& fault, const FaultScene& scene) {
  return fault.form == plain ? fault.subjects[0] : scene.host_of[fault.subjects[0]];
}

}  // namespace

const FaultRules port_taken_rules{.kind = FaultKind::port_taken,
                                  .forms = forms,
                                  .draw = draw,
                                  .strike = strike,
                                  .claims = host_of};

}  // namespace piccolo
