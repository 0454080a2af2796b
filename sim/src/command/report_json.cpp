#include "report_json.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace piccolo::sim {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array end_names{"all_seeds", "failures_max", "time_budget", "interrupted", "hang"};

Json counts_by_name(const std::vector<NamedCount>& counts) {
  Json object = Json::object();
  for (const NamedCount& count : counts) object[count.name] = count.value;
  return object;
}

std::vector<NamedCount> named_counts(const Json& object) {
  std::vector<NamedCount> counts;
  for (const auto& [name, value] : object.items()) {
    counts.push_back({name, value.get<std::uint64_t>()});
  }
  return counts;
}

std::string hex(std::uint64_t number) { return fmt::format("{:016x}", number); }

std::uint64_t unhex(const Json& text) { return std::stoull(text.get<std::string>(), nullptr, 16); }

Json json_of_faults(const FaultCounts& faults) {
  Json object = Json::object();
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    object[std::string(fault_kind_name(kind))] = {{"injected", faults[kind].injected},
                                                  {"observed", faults[kind].observed}};
  }
  return object;
}

FaultCounts faults_in(const Json& object) {
  FaultCounts faults;
  for (const auto& [name, count] : object.items()) {
    const auto kind = parse_fault_kind(name);
    if (!kind) throw std::invalid_argument("`" + name + "` is no kind of fault");
    faults[*kind].injected = count.at("injected").get<std::uint64_t>();
    faults[*kind].observed = count.at("observed").get<std::uint64_t>();
  }
  return faults;
}

}  // namespace

const char* name_of(CampaignEnd end) noexcept { return end_names[static_cast<std::size_t>(end)]; }

CampaignEnd end_in(const Json& json) {
  const auto name = json.get<std::string>();
  for (std::size_t index = 0; index < end_names.size(); ++index) {
    if (name == end_names[index]) return static_cast<CampaignEnd>(index);
  }
  throw std::invalid_argument("`" + name + "` is no end of a campaign");
}

Json json_of_head(const CampaignHead& head) {
  return {{"program", head.program},
          {"world", head.world},
          {"flags", head.flags},
          {"kinds_of_faults", head.faults.to_string()},
          {"first_seed", head.seeds.first},
          {"last_seed", head.seeds.last},
          {"shard", head.shard.index + 1},
          {"shards", head.shard.count},
          {"strict", head.strict}};
}

CampaignHead head_in(const Json& json) {
  CampaignHead head;
  json.at("program").get_to(head.program);
  json.at("world").get_to(head.world);
  json.at("flags").get_to(head.flags);
  const auto faults = FaultSet::parse(json.at("kinds_of_faults").get<std::string>());
  if (!faults) throw std::invalid_argument(faults.error());
  head.faults = *faults;
  json.at("first_seed").get_to(head.seeds.first);
  json.at("last_seed").get_to(head.seeds.last);
  json.at("shards").get_to(head.shard.count);
  const auto shard = json.at("shard").get<std::uint32_t>();
  if (shard == 0 || shard > head.shard.count) throw std::invalid_argument("no such shard");
  head.shard.index = shard - 1;
  json.at("strict").get_to(head.strict);
  return head;
}

Json json_of_totals(const RunTotals& totals) {
  Json sites = Json::object();
  for (const SiteCount& site : totals.sites) {
    sites[site.site] = {{"passed", site.passed}, {"fired", site.fired}};
  }
  return {{"seeds", totals.runs},
          {"events", totals.events},
          {"virtual_ns", totals.virtual_time.count()},
          {"counters", counts_by_name(totals.counters)},
          {"sometimes", counts_by_name(totals.sometimes)},
          {"buggify", sites},
          {"faults", json_of_faults(totals.faults)},
          {"fingerprint", hex(totals.fingerprint)}};
}

RunTotals totals_in(const Json& json) {
  RunTotals totals;
  json.at("seeds").get_to(totals.runs);
  json.at("events").get_to(totals.events);
  totals.virtual_time = Duration(json.at("virtual_ns").get<std::int64_t>());
  totals.counters = named_counts(json.at("counters"));
  totals.sometimes = named_counts(json.at("sometimes"));
  for (const auto& [site, count] : json.at("buggify").items()) {
    totals.sites.push_back(
        {site, count.at("passed").get<std::uint64_t>(), count.at("fired").get<std::uint64_t>()});
  }
  totals.faults = faults_in(json.at("faults"));
  totals.fingerprint = unhex(json.at("fingerprint"));
  return totals;
}

Json json_of_failure(const CampaignHead& head, const RunResult& run) {
  return {{"seed", run.seed},
          {"invariant", run.violation->invariant},
          {"detail", run.violation->detail},
          {"signature", signature(*run.violation)},
          {"liveness", run.violation->liveness},
          {"virtual_time_ns", run.violation->at.count()},
          {"events", run.totals.events},
          {"trace_hash", hex(run.trace_hash)},
          {"replay", replay_command(head, run.seed)}};
}

RunResult failure_in(const Json& json) {
  RunResult run;
  json.at("seed").get_to(run.seed);
  run.trace_hash = unhex(json.at("trace_hash"));
  json.at("events").get_to(run.totals.events);
  Violation violation;
  json.at("invariant").get_to(violation.invariant);
  json.at("detail").get_to(violation.detail);
  json.at("liveness").get_to(violation.liveness);
  violation.at = Duration(json.at("virtual_time_ns").get<std::int64_t>());
  run.violation = std::move(violation);
  return run;
}

namespace {

Json json_of_group(const CampaignHead& head, const FailureGroup& group) {
  Json examples = Json::array();
  for (const RunResult& run : group.examples) examples.push_back(json_of_failure(head, run));
  return {{"signature", group.signature},
          {"seeds", group.seeds},
          {"quickest", group.quickest.seed},
          {"examples", examples}};
}

Json json_of_blunt(const CampaignHead& head, const RunTotals& totals) {
  Json names = Json::array();
  for (const FaultKind kind : toothless(head, totals)) names.push_back(fault_kind_name(kind));
  return names;
}

// Bytes of a program's message may be no UTF-8.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string json_report(const Report& report) {
  const CampaignResult& result = report.result;
  Json json = json_of_head(report.head);
  json["seeds_planned"] = result.planned;
  json["failed"] = result.failed;
  json["end"] = name_of(result.end);
  json["wall_ns"] = result.wall_time.count();
  json.update(json_of_totals(result.totals));
  json["never_bit"] = json_of_blunt(report.head, result.totals);
  json["never_seen"] = never_seen(result.totals);
  Json failures = Json::array();
  for (const FailureGroup& group : result.groups) {
    failures.push_back(json_of_group(report.head, group));
  }
  json["failures"] = failures;
  return dump(json);
}

std::string json_of_run(const CampaignHead& head, const RunResult& run) {
  Json json = json_of_head(head);
  json["seed"] = run.seed;
  json["failed"] = run.violation ? 1 : 0;
  json.update(json_of_totals(run.totals));
  json["never_bit"] = json_of_blunt(head, run.totals);
  json["violation"] = run.violation ? json_of_failure(head, run) : Json();
  json["trace_hash"] = hex(run.trace_hash);
  return dump(json);
}

}  // namespace piccolo::sim
