#include "shrink/simpler_faults.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "faults/rules.hpp"
#include "shrink/rounding.hpp"

namespace piccolo::sim {
namespace {

using Faults = std::vector<Fault>;

bool lasts(const Fault& fault) { return form_of(fault).find("{for}") != std::string_view::npos; }

// The form of the kind that reads so; all of them are there.
std::uint8_t form_named(FaultKind kind, std::string_view form) {
  const auto forms = rules_of(kind).forms;
  return static_cast<std::uint8_t>(std::ranges::find(forms, form) - forms.begin());
}

Fault partition(const Fault& fault, std::string_view form, std::vector<std::uint32_t> subjects) {
  Fault made;
  made.kind = FaultKind::partition;
  made.form = form_named(FaultKind::partition, form);
  made.at = fault.at;
  made.lasting = fault.lasting;
  made.subjects = std::move(subjects);
  return made;
}

constexpr std::string_view cut = "cut {host} -> {host} for {for}";
constexpr std::string_view pair = "partition {host} <-> {host} for {for}";
constexpr std::string_view isolate = "isolate {host} for {for}";
constexpr std::string_view split = "split {hosts} from the others for {for}";
constexpr std::string_view ring = "leave only a ring for {for}";

void add_cuts(Faults& faults, const Fault& fault, std::uint32_t a, std::uint32_t b) {
  faults.push_back(partition(fault, cut, {a, b}));
  faults.push_back(partition(fault, cut, {b, a}));
}

void add_isolations(Faults& faults, const Fault& fault, const std::vector<std::uint32_t>& hosts) {
  for (const std::uint32_t host : hosts) faults.push_back(partition(fault, isolate, {host}));
}

std::vector<std::uint32_t> all_hosts(const FaultScene& scene) {
  std::vector<std::uint32_t> hosts;
  hosts.reserve(scene.hosts.size());
  for (std::uint32_t host = 0; host < scene.hosts.size(); ++host) hosts.push_back(host);
  return hosts;
}

// Partitions, from the smallest that the fault may stand for up.
void add_smaller_partitions(Faults& faults, const Fault& fault, const FaultScene& scene) {
  const std::string_view form = form_of(fault);
  const auto& subjects = fault.subjects;
  if (form == pair) return add_cuts(faults, fault, subjects[0], subjects[1]);
  if (form == isolate) {
    for (const std::uint32_t other : all_hosts(scene)) {
      if (other != subjects[0]) faults.push_back(partition(fault, pair, {subjects[0], other}));
    }
  }
  if (form == ring) add_isolations(faults, fault, all_hosts(scene));
  if (form != split) return;
  add_isolations(faults, fault, all_hosts(scene));
  for (std::size_t left_out = 0; left_out < subjects.size() && subjects.size() > 1; ++left_out) {
    std::vector<std::uint32_t> fewer = subjects;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(left_out));
    faults.push_back(partition(fault, split, std::move(fewer)));
  }
}

// Kinds of links are about both directions in their second form.
void add_one_way(Faults& faults, const Fault& fault) {
  const auto forms = rules_of(fault.kind).forms;
  const bool both = form_of(fault).find("<->") != std::string_view::npos;
  if (!both || forms.size() != 2 || forms[0].find(" -> ") == std::string_view::npos) return;
  Fault one = fault;
  one.form = one_way;
  faults.push_back(one);
  std::swap(one.subjects[0], one.subjects[1]);
  faults.push_back(one);
}

// What chance decides, decided; and the kinds of which others are the simpler case.
void add_simpler_kinds(Faults& faults, const Fault& fault, const FaultScene& scene) {
  if (fault.kind == FaultKind::partition) add_smaller_partitions(faults, fault, scene);
  if (fault.kind == FaultKind::swizzle) add_isolations(faults, fault, fault.subjects);
  if (fault.kind == FaultKind::loss || fault.kind == FaultKind::throttle) {
    const bool both = fault.form == both_ways;
    faults.push_back(partition(fault, both ? pair : cut, fault.subjects));
  }
  if (fault.kind == FaultKind::power_loss) {
    for (std::uint32_t process = 0; process < scene.processes.size(); ++process) {
      if (scene.host_of[process] != fault.subjects[0]) continue;
      Fault crash;
      crash.kind = FaultKind::crash;
      crash.at = fault.at;
      crash.lasting = fault.lasting;
      crash.subjects = {process};
      faults.push_back(std::move(crash));
    }
  }
  add_one_way(faults, fault);
}

void add_rounder_amounts(Faults& faults, const Fault& fault) {
  const auto add = [&](std::int64_t amount) {
    faults.push_back(fault);
    faults.back().amount = amount;
  };
  const bool share = form_of(fault).find("{percent}") != std::string_view::npos;
  constexpr std::int64_t always = 1'000'000;
  if (share && fault.amount != always) add(always);
  const bool counts = form_of(fault).find("{rate}") != std::string_view::npos ||
                      form_of(fault).find("{ppm}") != std::string_view::npos;
  if (!share && !counts) return;
  for (const std::int64_t amount : rounder_than(fault.amount)) {
    if (!share || amount <= always) add(amount);
  }
}

void add_rounder_picks(Faults& faults, const Fault& fault) {
  constexpr std::uint64_t tried = 8;
  if (form_of(fault).find("{pick}") == std::string_view::npos) return;
  for (std::uint64_t pick = 0; pick < std::min(fault.pick, tried); ++pick) {
    faults.push_back(fault);
    faults.back().pick = pick;
  }
}

void add_rounder_times(Faults& faults, const Fault& fault) {
  const auto add = [&](Duration Fault::* time, Duration value) {
    faults.push_back(fault);
    faults.back().*time = value;
  };
  if (lasts(fault)) {
    for (const Duration shorter : simpler_times(fault.lasting)) {
      if (shorter.count() > 0) add(&Fault::lasting, shorter);
    }
  }
  if (fault.by.count() > 0) {
    for (const Duration less : simpler_times(fault.by)) {
      if (less.count() > 0) add(&Fault::by, less);
    }
  }
  if (fault.by.count() < 0) {
    for (const Duration less : simpler_times(-fault.by)) {
      if (less.count() > 0) add(&Fault::by, -less);
    }
  }
  for (const Duration earlier : simpler_times(fault.at)) add(&Fault::at, earlier);
}

}  // namespace

std::vector<Fault> simpler_than(const Fault& fault, const FaultScene& scene) {
  Faults faults;
  add_simpler_kinds(faults, fault, scene);
  add_rounder_amounts(faults, fault);
  add_rounder_picks(faults, fault);
  add_rounder_times(faults, fault);
  std::erase_if(faults, [&](const Fault& each) { return !complaint_about(each, scene).empty(); });
  return faults;
}

std::vector<Fault> single_refusals(const Fault& fault, const FaultScene& scene) {
  constexpr std::int64_t tried = 12;  // of each host
  Faults faults;
  if (fault.kind != FaultKind::refuse || !lasts(fault)) return faults;
  for (std::int64_t nth = 1; nth <= tried; ++nth) {
    for (const std::uint32_t from : all_hosts(scene)) {
      if (from == fault.subjects[0]) continue;
      Fault one;
      one.kind = FaultKind::refuse;
      one.form = form_named(FaultKind::refuse, "refuse connect {nth} from {host} to {host}");
      one.subjects = {from, fault.subjects[0]};
      one.amount = nth;
      faults.push_back(std::move(one));
    }
  }
  return faults;
}

}  // namespace piccolo::sim
