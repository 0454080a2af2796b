#include "campaign_log.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "piccolo/sim/usage.hpp"
#include "report_json.hpp"

namespace piccolo::sim {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const char* record, const Json& content) {
  Json json = {{"record", record}};
  json.update(content);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

CampaignLog::CampaignLog(std::string path, const CampaignHead& head)
    : path_(std::move(path)), head_(head), file_(path_, std::ios::binary | std::ios::trunc) {
  Json content = {{"format", 1}};
  content.update(json_of_head(head));
  write(line_of("campaign", content));
}

// At once: whoever looks at a long campaign sees what failed so far.
void CampaignLog::write(std::string_view line) {
  file_ << line << '\n' << std::flush;
  if (file_) return;
  throw UsageError(
      fmt::format("--jsonl: cannot write `{}`; give a file in a folder that is there", path_));
}

void CampaignLog::failed(const RunResult& run) {
  write(line_of("failure", json_of_failure(head_, run)));
}

void CampaignLog::finished(const CampaignResult& result) {
  Json content = json_of_totals(result.totals);
  content["seeds_planned"] = result.planned;
  content["failed"] = result.failed;
  content["end"] = name_of(result.end);
  content["wall_ns"] = result.wall_time.count();
  write(line_of("summary", content));
}

}  // namespace piccolo::sim
