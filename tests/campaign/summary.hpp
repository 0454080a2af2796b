#pragma once

// All that a campaign found, as text: equal texts, equal findings.

#include <string>

#include "piccolo/sim/campaign.hpp"

namespace piccolo::campaign_test {

std::string summary(const sim::RunTotals& totals);
std::string summary(const sim::RunResult& run);
// But the time that it took.
std::string summary(const sim::CampaignResult& result);

}  // namespace piccolo::campaign_test
