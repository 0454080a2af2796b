#include "piccolo/sim/fault_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "piccolo/core/random.hpp"

namespace piccolo {
namespace {

using Form = PlannedFault::Form;

constexpr Duration shortest = std::chrono::milliseconds(10);
constexpr Duration longest = std::chrono::seconds(10);
constexpr Duration longest_delay = std::chrono::seconds(3);

// At most this many of a kind in each ten seconds.
constexpr std::uint64_t most_per_ten_seconds = 2;

bool needs_two_hosts(FaultKind kind) noexcept {
  return kind == FaultKind::delay || kind == FaultKind::partition;
}

Form draw_form(FaultKind kind, std::uint64_t random) {
  const auto one_of = [random](auto... forms) {
    const std::array choice{forms...};
    return choice[scale_to(random, choice.size())];
  };
  switch (kind) {
    case FaultKind::refuse:
      return Form::refuse;
    case FaultKind::delay:
      return one_of(Form::delay_one_way, Form::delay_both);
    case FaultKind::hup:
      return one_of(Form::hup_reset, Form::hup_end);
    case FaultKind::partition:
      return one_of(Form::cut_one_way, Form::cut_pair, Form::isolate, Form::isolate, Form::split);
    case FaultKind::crash:
      return Form::kill;
    case FaultKind::power_loss:
      return Form::power_off;
    default:
      break;
  }
  return Form::refuse;
}

// Durations are spread evenly over magnitudes: a short cut loses a segment, a long one a stream.
Duration draw_lasting(Draws& draws, Duration most) {
  const std::uint64_t magnitude = draws.below(4);
  Duration low = shortest;
  for (std::uint64_t step = 0; step < magnitude; ++step) low *= 6;
  return std::min({draws.between(low, low * 6), longest, most});
}

PlannedFault draw_fault(const World& world, FaultKind kind, Duration duration, Draws draws) {
  const auto hosts = static_cast<std::uint32_t>(world.host_count());
  PlannedFault fault;
  fault.form = draw_form(kind, draws.next());
  fault.at = draws.between(Duration(0), duration - shortest);
  if (kind != FaultKind::hup) fault.lasting = draw_lasting(draws, duration - fault.at);
  const bool of_process = fault.form == Form::kill;
  const auto subjects = of_process ? static_cast<std::uint32_t>(world.process_count()) : hosts;
  fault.a = static_cast<std::uint32_t>(draws.below(subjects));
  fault.b = static_cast<std::uint32_t>(draws.below(hosts));
  if (fault.form == Form::split) fault.a = 1 + static_cast<std::uint32_t>(draws.below(hosts - 1));
  // Two hosts, unless it is a stream that is meant: those exist within a host as well.
  if (needs_two_hosts(kind) && fault.a == fault.b) fault.b = (fault.a + 1) % hosts;
  if (kind == FaultKind::delay) fault.extra = draws.between(shortest, longest_delay);
  fault.pick = draws.next();
  return fault;
}

// Calls for every directed pair that the fault touches.
void for_each_direction(const World& world, const PlannedFault& fault,
                        const std::function<void(HostId, HostId)>& call) {
  const auto hosts = static_cast<HostId>(world.host_count());
  const auto both = [&](HostId one, HostId other) {
    call(one, other);
    call(other, one);
  };
  switch (fault.form) {
    case Form::delay_one_way:
    case Form::cut_one_way:
      call(fault.a, fault.b);
      break;
    case Form::delay_both:
    case Form::cut_pair:
      both(fault.a, fault.b);
      break;
    case Form::isolate:
      for (HostId host = 0; host < hosts; ++host) {
        if (host != fault.a) both(fault.a, host);
      }
      break;
    case Form::split:
      for (HostId low = 0; low < fault.a; ++low) {
        for (HostId high = fault.a; high < hosts; ++high) both(low, high);
      }
      break;
    default:
      break;
  }
}

void strike(World& world, const PlannedFault& fault) {
  switch (fault.kind()) {
    case FaultKind::refuse:
      world.refuse_connects(fault.a);
      break;
    case FaultKind::delay:
      for_each_direction(world, fault,
                         [&](HostId from, HostId to) { world.add_delay(from, to, fault.extra); });
      break;
    case FaultKind::hup: {
      const HangUp how = fault.form == Form::hup_reset ? HangUp::reset : HangUp::end_of_stream;
      world.hang_up(fault.a, fault.b, how, fault.pick);
      break;
    }
    case FaultKind::partition:
      for_each_direction(world, fault, [&](HostId from, HostId to) { world.cut(from, to); });
      break;
    case FaultKind::crash:
      world.kill(fault.a);
      break;
    case FaultKind::power_loss:
      world.power_off(fault.a);
      break;
    default:
      break;
  }
}

void lift(World& world, const PlannedFault& fault) {
  switch (fault.kind()) {
    case FaultKind::refuse:
      world.accept_connects(fault.a);
      break;
    case FaultKind::delay:
      for_each_direction(
          world, fault, [&](HostId from, HostId to) { world.remove_delay(from, to, fault.extra); });
      break;
    case FaultKind::hup:
      break;
    case FaultKind::partition:
      for_each_direction(world, fault, [&](HostId from, HostId to) { world.mend(from, to); });
      break;
    case FaultKind::crash:
      world.start(fault.a);
      break;
    case FaultKind::power_loss:
      world.power_on(fault.a);
      for (ProcessId process = 0; process < world.process_count(); ++process) {
        if (world.process_host(process) == fault.a) world.start(process);
      }
      break;
    default:
      break;
  }
}

}  // namespace

FaultKind PlannedFault::kind() const noexcept {
  switch (form) {
    case Form::refuse:
      return FaultKind::refuse;
    case Form::delay_one_way:
    case Form::delay_both:
      return FaultKind::delay;
    case Form::hup_reset:
    case Form::hup_end:
      return FaultKind::hup;
    case Form::cut_one_way:
    case Form::cut_pair:
    case Form::isolate:
    case Form::split:
      return FaultKind::partition;
    case Form::kill:
      return FaultKind::crash;
    case Form::power_off:
      return FaultKind::power_loss;
  }
  return FaultKind::refuse;
}

FaultPlan draw_fault_plan(const World& world, const FaultSet& kinds, Duration duration) {
  const Random random = Random(world.seed()).child("fault plan");
  const auto tens = static_cast<std::uint64_t>(duration / std::chrono::seconds(10));
  const auto earlier = [](const PlannedFault& a, const PlannedFault& b) { return a.at < b.at; };
  FaultPlan plan;
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (!kinds.has(kind) || (index > 4 && kind != FaultKind::power_loss) || duration < 2 * shortest)
      continue;
    if (needs_two_hosts(kind) && world.host_count() < 2) continue;
    const std::uint64_t most = most_per_ten_seconds * (tens + 1);
    const std::uint64_t count = random.stream("count", index).below(most + 1);
    const Random of_kind = random.child("kind", index);
    for (std::uint64_t number = 0; number < count; ++number) {
      const PlannedFault fault = draw_fault(world, kind, duration, of_kind.stream("fault", number));
      plan.insert(std::upper_bound(plan.begin(), plan.end(), fault, earlier), fault);
    }
  }
  return plan;
}

std::string describe(const PlannedFault& fault, const World& world) {
  const auto host = [&](std::uint32_t id) { return world.host_name(id); };
  const std::string lasting = format_duration(fault.lasting);
  const std::string extra = format_duration(fault.extra);
  switch (fault.form) {
    case Form::refuse:
      return fmt::format("{} refuses connections for {}", host(fault.a), lasting);
    case Form::delay_one_way:
      return fmt::format("delay {} -> {} by {} for {}", host(fault.a), host(fault.b), extra,
                         lasting);
    case Form::delay_both:
      return fmt::format("delay {} <-> {} by {} for {}", host(fault.a), host(fault.b), extra,
                         lasting);
    case Form::hup_reset:
      return fmt::format("hang up (RST) on a stream {} <-> {}", host(fault.a), host(fault.b));
    case Form::hup_end:
      return fmt::format("hang up (FIN) on a stream {} <-> {}", host(fault.a), host(fault.b));
    case Form::cut_one_way:
      return fmt::format("cut {} -> {} for {}", host(fault.a), host(fault.b), lasting);
    case Form::cut_pair:
      return fmt::format("partition {} <-> {} for {}", host(fault.a), host(fault.b), lasting);
    case Form::isolate:
      return fmt::format("isolate {} for {}", host(fault.a), lasting);
    case Form::split:
      return fmt::format("split {}..{} from {}..{} for {}", host(0), host(fault.a - 1),
                         host(fault.a), host(static_cast<HostId>(world.host_count() - 1)), lasting);
    case Form::kill:
      return fmt::format("kill {}, restart in {}", world.process_name(fault.a), lasting);
    case Form::power_off:
      return fmt::format("power off {}, back in {}", host(fault.a), lasting);
  }
  return {};
}

void schedule(World& world, const FaultPlan& plan,
              const std::function<void(std::string_view)>& note) {
  for (const PlannedFault& fault : plan) {
    world.at(TimePoint(fault.at), [&world, fault, note] {
      if (note) note(describe(fault, world));
      strike(world, fault);
    });
    if (fault.kind() == FaultKind::hup) continue;
    world.at(TimePoint(fault.at + fault.lasting), [&world, fault, note] {
      if (note) note("over: " + describe(fault, world));
      lift(world, fault);
    });
  }
}

}  // namespace piccolo
