// A world that writes HTML wherever a program can put text.

#include <string>
#include <string_view>

#include "piccolo/sim/run.hpp"
#include "piccolo/sim/simulation.hpp"

using namespace piccolo;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view markup =
    "<script>window.intruded=1</script><img src=x onerror=intruded=1>";
constexpr std::string_view closing = "</script><script>window.intruded=2</script><!--";

Task<void> program(Env& env) {
  for (;;) {
    env.log.info("{}", markup);
    env.log.warn("{}", closing);
    const auto slept = co_await env.clock.sleep_for(1s);
    if (!slept) co_return;
  }
}

void build(sim::Simulation& sim) {
  const HostId host = sim.add_host("<script>alert(1)</script>");
  sim.add_node(host, "<b onclick=alert(1)>node</b>", [](Env& env) { return program(env); });
  sim.sometimes("<u>seen</u>", [] { return true; });
  sim.eventually(
      "<script>alert(2)</script>", 3s, [] { return false; }, [] { return std::string(closing); });
}

}  // namespace

int main(int argc, char** argv) {
  sim::WorldDescription world;
  world.name = "intruder";
  world.about = "writes HTML wherever it can";
  world.build = &build;
  world.faults = FaultSet::parse("crash,pause").value();
  return sim::run(argc, argv, world);
}
