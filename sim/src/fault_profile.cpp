#include "piccolo/sim/fault_profile.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace piccolo {
namespace {

// A fault lasts 10 ms at least: more in a row than that is one fault.
constexpr Duration apart_min = std::chrono::milliseconds(10);

std::string complaint_about(const FaultRate& rate) {
  if (rate.per.count() <= 0) {
    return fmt::format("a rate of {} in {} is none; give a time such as 1m", rate.count,
                       format_duration(Duration(0)));
  }
  if (rate.count <= rate.per / apart_min) return {};
  return fmt::format("{} faults in {} are too many; give one for each {} at most", rate.count,
                     format_duration(rate.per), format_duration(apart_min));
}

}  // namespace

std::string complaint_about(const KindProfile& profile) {
  if (profile.from.count() < 0) return "faults cannot begin before 0s; give 0s or more";
  if (profile.until <= profile.from) {
    return fmt::format("faults cannot begin from {} on and before {}; give a later end",
                       format_duration(profile.from),
                       format_duration(std::max(profile.until, Duration(0))));
  }
  return profile.rate ? complaint_about(*profile.rate) : std::string();
}

}  // namespace piccolo
