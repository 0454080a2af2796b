#pragma once

// What each kind of fault says of itself, in a file of its own: how its lines read, what it draws,
// how it bites and how it heals.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "piccolo/core/random.hpp"
#include "piccolo/net_sim/world.hpp"
#include "piccolo/sim/fault.hpp"

namespace piccolo {

// How a fault heals, given what struck; empty when there is nothing to heal.
using Heal = std::function<void(World& world, const Fault& fault)>;

struct FaultRules {
  FaultKind kind;
  // Its lines. {host} {process} and {hosts} are its subjects, in their order; {for} is `lasting`;
  // {by} and {step} (which may be negative) are `by`; {percent} {ppm} {rate} {port} {nth} are
  // `amount`; {pick} is `pick`.
  std::span<const std::string_view> forms;
  // Draws everything but `at` and `lasting`, which are there already.
  void (*draw)(Fault& fault, const FaultScene& scene, Draws& draws);
  Heal (*strike)(World& world, const Fault& fault);
  // What two faults of the kind must not have in common while both last; null when they nest.
  std::uint32_t (*claims)(const Fault& fault, const FaultScene& scene) = nullptr;
  // What is wrong besides what every kind is checked for; null for nothing.
  std::string (*complain)(const Fault& fault, const FaultScene& scene) = nullptr;
  std::uint32_t hosts_min = 1;
};

extern const FaultRules refuse_rules, delay_rules, hup_rules, partition_rules, crash_rules,
    power_loss_rules, loss_rules, duplicate_rules, reorder_rules, hold_rules, throttle_rules,
    swizzle_rules, pause_rules, clock_step_rules, clock_drift_rules, port_taken_rules,
    no_descriptors_rules, short_io_rules, names_rules;

const FaultRules& rules_of(FaultKind kind) noexcept;

inline std::string_view form_of(const Fault& fault) noexcept {
  return rules_of(fault.kind).forms[fault.form];
}

// ---- what several kinds share ----

inline std::uint32_t draw_host(const FaultScene& scene, Draws& draws) {
  return static_cast<std::uint32_t>(draws.below(scene.hosts.size()));
}
inline std::uint32_t draw_process(const FaultScene& scene, Draws& draws) {
  return static_cast<std::uint32_t>(draws.below(scene.processes.size()));
}
// Any number of hosts from 1 to `most`, in the order of their numbers.
std::vector<std::uint32_t> draw_hosts(const FaultScene& scene, std::size_t most, Draws& draws);
// Two different ones.
void draw_two_hosts(Fault& fault, const FaultScene& scene, Draws& draws);

// Kinds of links: their first form is about one direction, their second about both.
enum LinkForm : std::uint8_t { one_way, both_ways };
void draw_link(Fault& fault, const FaultScene& scene, Draws& draws);
template <class Call>
void for_each_direction(const Fault& fault, Call call) {
  call(fault.subjects[0], fault.subjects[1]);
  if (fault.form == both_ways) call(fault.subjects[1], fault.subjects[0]);
}

inline std::uint32_t ppm_of(const Fault& fault) noexcept {
  return static_cast<std::uint32_t>(fault.amount);
}
inline std::uint32_t first_subject(const Fault& fault, const FaultScene&) noexcept {
  return fault.subjects.front();
}

}  // namespace piccolo
