#include "when_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace piccolo::sim {
namespace {

constexpr std::uint32_t ppm_per_one = 1'000'000;
constexpr std::uint32_t bar_width = 30;
constexpr std::uint32_t nearly_all_ppm = 900'000;
constexpr std::size_t lines_told = 40;

std::uint64_t in_parts(std::uint64_t ppm, std::uint32_t parts) {
  return (ppm * parts + ppm_per_one / 2) / ppm_per_one;
}

std::uint64_t percent(std::uint64_t ppm) { return in_parts(ppm, 100); }

std::string percent_of(const DecisionPoint& point) {
  return fmt::format("{} %", percent(point.share_ppm()));
}

std::string moment(const DecisionPoint& point) {
  return point.at ? format_seconds(*point.at) + " s" : "other seeds";
}

std::string tell_point(const DecisionPoint& point, bool others) {
  const ShareBounds bounds = wilson_bounds(point.broke, point.runs);
  const std::string bar(in_parts(point.share_ppm(), bar_width), '#');
  std::string line = fmt::format(
      "{:>15}  |{:<{}}|  {:>5}  {:>8} %", moment(point), bar, bar_width, percent_of(point),
      fmt::format("{}..{}", percent(bounds.low_ppm), percent(bounds.high_ppm)));
  if (others && point.other > 0) {
    const std::uint64_t share = point.other * ppm_per_one / point.runs;
    line += fmt::format(" {:>7} %", percent(share));
  }
  return line + "\n";
}

std::string tell_curve(const Decision& decision) {
  const bool others = std::ranges::any_of(
      decision.points, [](const DecisionPoint& point) { return point.other > 0; });
  std::string text =
      fmt::format("{:>15}  {:<{}}  {:>5}  {:>10}{}\n", "other draws", "runs that break it",
                  bar_width + 2, "", "95 % sure", others ? "  another" : "");
  for (const DecisionPoint& point : decision.points) text += tell_point(point, others);
  return text;
}

std::string tell_lines(const std::vector<StoryLine>& lines) {
  std::string text;
  for (std::size_t at = 0; at < std::min(lines.size(), lines_told); ++at) {
    text += lines[at].text + "\n";
  }
  if (lines.size() > lines_told) {
    text += fmt::format("  and {} lines more, which replay tells\n", lines.size() - lines_told);
  }
  return text;
}

// Nothing was told in between, but something before and behind may say where in the story it is.
std::string tell_neighbours(const std::vector<StoryLine>& story, const DecisionStep& step) {
  std::string text = "the run's story has no line there; the nearest ones:\n";
  const auto behind =
      std::ranges::find_if(story, [&](const StoryLine& line) { return line.at >= *step.after.at; });
  if (behind != story.begin()) text += std::prev(behind)->text + "\n";
  if (behind != story.end()) text += behind->text + "\n";
  return text;
}

std::string tell_step(const std::vector<StoryLine>& story, const DecisionStep& step) {
  const std::string from_to =
      fmt::format("from {} to {}", percent_of(step.before), percent_of(step.after));
  if (!step.before.at) {
    return fmt::format(
        "decided before the start: {}, by what the seed draws of the world itself\n"
        "(parameters, links, kernels, the order of tasks):\n{}",
        from_to, tell_lines(lines_within(story, step)));
  }
  std::string text = fmt::format("decided between {} and {}: {}\n", moment(step.before),
                                 moment(step.after), from_to);
  const auto lines = lines_within(story, step);
  return text + (lines.empty() ? tell_neighbours(story, step) : tell_lines(lines));
}

// Why there is no step.
std::string tell_flat(const Decision& decision) {
  if (decision.points.size() < 2) return "no time to find out: give a longer --time-budget\n";
  const DecisionPoint& first = decision.points.front();
  const DecisionPoint& last = decision.points.back();
  if (!first.at && first.share_ppm() >= nearly_all_ppm) {
    return fmt::format(
        "{} seeds break it, {} of {}: it was decided before the start, whatever is drawn\n",
        first.broke == first.runs ? "all other" : "nearly all other", first.broke, first.runs);
  }
  return fmt::format("decided at no single moment: from {} to {}, nowhere by a quarter at once\n",
                     percent_of(first), percent_of(last));
}

std::string tell_end(CampaignEnd end) {
  if (end == CampaignEnd::time_budget) {
    return "note: the time was over before all runs were; a longer --time-budget says more\n";
  }
  if (end == CampaignEnd::interrupted) return "note: interrupted; this is what was known by then\n";
  return {};
}

}  // namespace

std::vector<StoryLine> lines_within(const std::vector<StoryLine>& story, const DecisionStep& step) {
  std::vector<StoryLine> lines;
  std::ranges::copy_if(story, std::back_inserter(lines), [&](const StoryLine& line) {
    if (!step.before.at) return line.at == Duration(0);
    return line.at >= *step.before.at && line.at < *step.after.at;
  });
  return lines;
}

std::string text_of_when(const WhenReport& report) {
  const Decision& decision = report.decision;
  const Violation& violation = *decision.run.violation;
  const std::size_t line = violation.detail.find('\n');
  std::string text =
      fmt::format("seed {} broke `{}` at {} s{}{}\n\n", decision.run.seed, violation.invariant,
                  format_seconds(violation.at), violation.detail.empty() ? "" : ": ",
                  std::string_view(violation.detail).substr(0, line));
  if (!decision.points.empty()) text += tell_curve(decision) + "\n";
  for (const DecisionStep& step : decision.steps) text += tell_step(report.story, step);
  if (decision.steps.empty()) text += tell_flat(decision);
  text += tell_end(decision.end);
  return text + fmt::format("  replay: {}\n", replay_command(report.head, decision.run.seed));
}

}  // namespace piccolo::sim
