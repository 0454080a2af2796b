#pragma once

// A campaign as JSON Lines: a `campaign` record, a `failure` record for each failing seed in the
// order of seeds, and a `summary`, without which the file is that of a campaign that did not end.
// docs/campaigns.md has all keys.

#include <fstream>
#include <string>
#include <string_view>

#include "report.hpp"

namespace piccolo::sim {

class CampaignLog {
 public:
  // Overwrites the file. Throws UsageError when it cannot be written.
  CampaignLog(std::string path, const CampaignHead& head);

  void failed(const RunResult& run);
  void finished(const CampaignResult& result);

 private:
  void write(std::string_view line);

  std::string path_;
  CampaignHead head_;
  std::ofstream file_;
};

}  // namespace piccolo::sim
