// The logs of shards put together: the same for any number of shards, and nothing amiss goes by.

#include "merge.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "campaign_log.hpp"
#include "catch.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

namespace fs = std::filesystem;

constexpr SeedRange all_seeds{5, 304};

// What a run of that seed would have found: every seventh fails, in one of three ways.
RunResult run_of(std::uint64_t seed) {
  RunResult run;
  run.seed = seed;
  run.trace_hash = seed * 0x9e3779b97f4a7c15;
  run.totals.runs = 1;
  run.totals.events = 100 + seed * 37 % 50;
  run.totals.virtual_time = std::chrono::milliseconds(seed);
  run.totals.faults[FaultKind::hup].injected = seed % 3;
  run.totals.counters = {{"messages", seed}, {"bytes", 4 * seed}};
  run.totals.sometimes = {{"failover", seed % 2}};
  if (seed % 5 == 0) run.totals.sites.push_back({"small batches", seed, 1});
  run.totals.fingerprint = run.trace_hash ^ seed;
  if (seed % 7 != 0) return run;
  constexpr const char* invariants[] = {"echo", "order", "reconnect"};
  run.violation = Violation{invariants[seed % 3], "n" + std::to_string(seed) + " did \"it\"\nso",
                            std::chrono::milliseconds(seed), seed % 3 == 2};
  return run;
}

struct Folder {
  Folder()
      : path(fs::temp_directory_path() / fs::path("piccolo-merge-" + std::to_string(::getpid()))) {
    fs::remove_all(path);
    fs::create_directory(path);
  }
  ~Folder() { fs::remove_all(path); }

  CampaignHead head(Shard shard) const {
    CampaignHead of;
    of.program = "piccolo";
    of.world = "piccolo";
    of.flags = "--nodes 3";
    of.faults.add(FaultKind::hup);
    of.seeds = all_seeds;
    of.shard = shard;
    return of;
  }

  std::string log_of(Shard shard, bool ended = true) const {
    const std::string file = path / (std::to_string(shard.index) + ".jsonl");
    CampaignLog log(file, head(shard));
    CampaignResult result;
    result.planned = shard.size(all_seeds);
    for (std::uint64_t at = 0; at < result.planned; ++at) {
      const RunResult run = run_of(shard.seed_at(all_seeds, at));
      result.add(run);
      if (run.violation) log.failed(run);
    }
    if (ended) log.finished(result);
    return file;
  }

  std::vector<std::string> logs(std::uint32_t count) const {
    std::vector<std::string> files;
    for (std::uint32_t shard = 0; shard < count; ++shard) files.push_back(log_of({shard, count}));
    return files;
  }

  fs::path path;
};

std::string json_of(const std::vector<std::string>& logs) { return json_report(merge_logs(logs)); }

std::string complaint(const std::vector<std::string>& logs) {
  try {
    merge_logs(logs);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("the merged result is that of the whole campaign, for every number of shards") {
  const Folder folder;
  CampaignResult whole;
  whole.planned = all_seeds.size();
  for (std::uint64_t seed = all_seeds.first; seed <= all_seeds.last; ++seed)
    whole.add(run_of(seed));
  Report report;
  report.head = folder.head({});
  report.result = whole;
  const std::string expected = json_report(report);
  CHECK(whole.failed == 43);
  for (const std::uint32_t shards : {1U, 2U, 3U, 8U, 400U}) {
    INFO(shards << " shards");
    CHECK(json_of(folder.logs(shards)) == expected);
  }
}

TEST_CASE("the order in which logs are given does not matter") {
  const Folder folder;
  auto logs = folder.logs(4);
  const std::string expected = json_of(logs);
  std::ranges::reverse(logs);
  CHECK(json_of(logs) == expected);
}

TEST_CASE("missing and doubled shards are noticed") {
  const Folder folder;
  auto logs = folder.logs(8);
  const std::string last = logs.back();
  logs.pop_back();
  CHECK_THAT(complaint(logs), test::contains_text("1 of 8 shards missing: 8"));
  logs.erase(logs.begin() + 2);
  CHECK_THAT(complaint(logs), test::contains_text("2 of 8 shards missing: 3, 8"));
  logs.push_back(logs.front());
  CHECK_THAT(complaint(logs), test::contains_text("shard 1 of 8 is doubled"));
}

TEST_CASE("a shard that did not end is noticed") {
  const Folder folder;
  const std::vector<std::string> logs{folder.log_of({0, 2}), folder.log_of({1, 2}, false)};
  CHECK_THAT(complaint(logs), test::contains_text("1.jsonl:24: the log ends before its `summary`"));
}

TEST_CASE("a log that was cut off anywhere is noticed") {
  const Folder folder;
  const std::string file = folder.log_of({});
  std::ifstream stream(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  for (std::size_t size = 0; size < text.size(); size += 97) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text.substr(0, size);
    CHECK_THAT(complaint({file}), test::contains_text("0.jsonl:"));
  }
}

TEST_CASE("logs of different campaigns are not put together") {
  const Folder folder;
  const std::string one = folder.log_of({0, 2});
  CampaignHead other = folder.head({1, 2});
  other.flags = "--nodes 4";
  const std::string file = folder.path / "other.jsonl";
  CampaignLog log(file, other);
  log.finished({});
  CHECK_THAT(complaint({one, file}), test::contains_text("is of another campaign"));
}

TEST_CASE("what is no log is refused in one line that names the file") {
  const Folder folder;
  const std::string file = folder.path / "odd.jsonl";
  for (const char* const text :
       {"", "\n", "{}\n", "[]\n", "nonsense\n", "{\"record\":\"summary\"}\n",
        "{\"record\":\"campaign\",\"format\":2}\n",
        "{\"record\":\"campaign\",\"format\":1,\"program\":7}\n", "{\"record\":7}\n"}) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
    INFO(text);
    CHECK_THAT(complaint({file}), test::contains_text("odd.jsonl:1: "));
    CHECK(complaint({file}).find('\n') == std::string::npos);
  }
  CHECK_THAT(complaint({file + "x"}), test::contains_text("cannot read"));
  CHECK_THAT(complaint({folder.path}), test::contains_text(folder.path.string()));
}

}  // namespace piccolo::sim
