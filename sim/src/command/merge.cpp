#include "merge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "piccolo/sim/usage.hpp"
#include "report_json.hpp"

namespace piccolo::sim {
namespace {

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& path, std::size_t line, std::string_view why) {
  throw UsageError(one_line(fmt::format("{}:{}: {}", path, line, why)));
}

// One shard's log, read line by line.
class ShardLog {
  template <class Read>
  auto read(Read call) {
    try {
      return call();
    } catch (const std::exception& error) {
      refuse(path_, line_, fmt::format("not what `sim --jsonl` writes: {}", error.what()));
    }
  }

 public:
  explicit ShardLog(const std::string& path) : path_(path), file_(path, std::ios::binary) {
    if (!file_) {
      throw UsageError(
          one_line(fmt::format("cannot read `{}`; give the files that `sim --jsonl` "
                               "wrote",
                               path)));
    }
    const Json json = next_record();
    if (kind_of(json) != "campaign") {
      refuse(path_, line_, "no `campaign` record begins the file; give what `sim --jsonl` wrote");
    }
    if (read([&json] { return json.at("format").get<int>(); }) != 1) {
      refuse(path_, line_, "a format of another version; merge with the program that wrote it");
    }
    head_ = read([&json] { return head_in(json); });
    advance();
  }

  const std::string& path() const noexcept { return path_; }
  const CampaignHead& head() const noexcept { return head_; }
  // The failure that comes next, by seeds; none when the summary was reached.
  const std::optional<RunResult>& next_failure() const noexcept { return failure_; }
  const CampaignResult& summary() const noexcept { return summary_; }

  void advance() {
    failure_.reset();
    const Json json = next_record();
    const std::string record = kind_of(json);
    if (record == "failure") {
      failure_ = read([&json] { return failure_in(json); });
    } else if (record == "summary") {
      read_summary(json);
    } else {
      refuse(path_, line_, fmt::format("`{}` is no record of a log", record));
    }
  }

 private:
  std::string kind_of(const Json& json) {
    return read([&json] { return json.at("record").get<std::string>(); });
  }

  Json next_record() {
    std::string text;
    ++line_;
    if (!std::getline(file_, text) || file_.eof()) {
      refuse(path_, line_,
             "the log ends before its `summary`: the shard did not end; run it again");
    }
    return read([&text] { return Json::parse(text); });
  }

  void read_summary(const Json& json) {
    read([&] {
      summary_.totals = totals_in(json);
      json.at("seeds_planned").get_to(summary_.planned);
      json.at("failed").get_to(summary_.failed);
      summary_.end = end_in(json.at("end"));
      summary_.wall_time = Duration(json.at("wall_ns").get<std::int64_t>());
      return 0;
    });
    if (file_.peek() != std::ifstream::traits_type::eof()) {
      refuse(path_, line_ + 1, "something stands behind the `summary`; give one log a file");
    }
  }

  std::string path_;
  std::ifstream file_;
  std::size_t line_ = 0;
  CampaignHead head_;
  std::optional<RunResult> failure_;
  CampaignResult summary_;
};

// All that shards of one campaign have in common.
std::string identity(const CampaignHead& head) {
  return fmt::format("world {}, {}, seeds {}..{}, {} shards", head.world, head.flags,
                     head.seeds.first, head.seeds.last, head.shard.count);
}

void check_completeness(const std::vector<ShardLog>& logs) {
  const CampaignHead& first = logs.front().head();
  std::map<std::uint32_t, const std::string*> seen;
  for (const ShardLog& log : logs) {
    if (identity(log.head()) != identity(first)) {
      throw UsageError(
          one_line(fmt::format("{} is of another campaign than {} ({}; {})", log.path(),
                               logs.front().path(), identity(log.head()), identity(first))));
    }
    const std::uint32_t shard = log.head().shard.index + 1;
    const auto [at, is_new] = seen.emplace(shard, &log.path());
    if (!is_new) {
      throw UsageError(one_line(fmt::format("shard {} of {} is doubled: {} and {}; leave one out",
                                            shard, first.shard.count, *at->second, log.path())));
    }
  }
  if (seen.size() == first.shard.count) return;
  constexpr std::size_t told_max = 10;
  std::vector<std::uint32_t> missing;
  for (std::uint32_t shard = 1; shard <= first.shard.count && missing.size() < told_max; ++shard) {
    if (!seen.contains(shard)) missing.push_back(shard);
  }
  const std::size_t lacking = first.shard.count - seen.size();
  throw UsageError(fmt::format("{} of {} shards missing: {}{}; run them, or give their logs",
                               lacking, first.shard.count, fmt::join(missing, ", "),
                               lacking > missing.size() ? ", …" : ""));
}

// In the order of seeds, as one campaign would have come to them.
void merge_failures(std::vector<ShardLog>& logs, CampaignResult& result) {
  for (;;) {
    ShardLog* lowest = nullptr;
    for (ShardLog& log : logs) {
      if (!log.next_failure()) continue;
      if (lowest == nullptr || log.next_failure()->seed < lowest->next_failure()->seed) {
        lowest = &log;
      }
    }
    if (lowest == nullptr) return;
    result.add(*lowest->next_failure());
    lowest->advance();
  }
}

}  // namespace

Report merge_logs(std::span<const std::string> paths) {
  std::vector<ShardLog> logs;
  logs.reserve(paths.size());
  for (const std::string& path : paths) logs.emplace_back(path);
  check_completeness(logs);
  Report report;
  report.head = logs.front().head();
  report.head.shard = Shard();
  merge_failures(logs, report.result);
  std::ranges::sort(logs, {}, [](const ShardLog& log) { return log.head().shard.index; });
  CampaignResult& result = report.result;
  const std::uint64_t failures = result.failed;
  result.totals = RunTotals();
  result.failed = 0;
  for (const ShardLog& log : logs) {
    const CampaignResult& part = log.summary();
    result.totals.add(part.totals);
    result.planned += part.planned;
    result.failed += part.failed;
    result.wall_time = std::max(result.wall_time, part.wall_time);
    if (result.end == CampaignEnd::all_seeds) result.end = part.end;
    report.head.strict = report.head.strict || log.head().strict;
  }
  if (failures != result.failed) {
    throw UsageError(
        fmt::format("the logs hold {} failures, and their summaries tell of {}; "
                    "run the shards again",
                    failures, result.failed));
  }
  return report;
}

}  // namespace piccolo::sim
