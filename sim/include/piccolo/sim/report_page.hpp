#pragma once

// Reports as HTML pages: one file each, that needs no network and nothing beside it.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

// Empty when this build can write pages; else one line that says what it lacks, and the cure.
std::string_view page_lacks() noexcept;

// One run to look at: a lane for each host, every packet, the faults, the lines. `replay` is the
// command that runs it again, to be shown; it may be empty. Throws UsageError when the build lacks
// something.
std::string run_page(const Recording& recording, std::string_view replay = {});

// A seed that failed, as one of those `CampaignOptions::failed` is told of.
struct FoundFailure {
  std::uint64_t position = 0;  // of the seed among those of the campaign, from 1
  std::uint64_t seed = 0;
  std::uint64_t signature = 0;  // the number of the group, in the order in which they were found
};

// `report`: the JSON that `sim --json` prints. `found` is in the order of the seeds; its groups are
// named by `signatures`. Throws as `run_page`.
std::string campaign_page(std::string_view report, std::span<const FoundFailure> found,
                          std::span<const std::string> signatures);

}  // namespace piccolo::sim
