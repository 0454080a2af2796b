#include "seed_flags.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {
namespace {

constexpr unsigned most_jobs = 1024;
constexpr std::size_t commit_digits = 13;

std::optional<std::uint64_t> number_in(std::string_view text, int base) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> seed_in(std::string_view text) {
  return text.starts_with("0x") ? number_in(text.substr(2), 16) : number_in(text, 10);
}

}  // namespace

std::uint64_t parse_seed(std::string_view option, std::string_view text) {
  if (const auto seed = seed_in(text)) return *seed;
  throw UsageError(
      fmt::format("{}: `{}` is no seed; give a whole number from 0 to {}, or 0x and hexadecimal "
                  "digits",
                  option, text, UINT64_MAX));
}

SeedRange parse_seeds(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const std::uint64_t seed = parse_seed("--seeds", text);
    return SeedRange{seed, seed};
  }
  const auto first = seed_in(text.substr(0, dots));
  const auto last = seed_in(text.substr(dots + 2));
  if (!first || !last) {
    throw UsageError(
        fmt::format("--seeds: `{}` is no range of seeds; give A..B, such as 1..1000, of whole "
                    "numbers from 0 to {}",
                    text, UINT64_MAX));
  }
  const SeedRange range{*first, *last};
  if (range.first > range.last) {
    throw UsageError(fmt::format("--seeds: `{}` is empty; give the lower seed first", text));
  }
  if (range.last - range.first > UINT32_MAX) {
    throw UsageError(fmt::format("--seeds: `{}` is more than 2^32 seeds; give fewer", text));
  }
  return range;
}

SeedRange seeds_from_commit(std::string_view commit, const SeedRange& seeds) {
  const std::string digits(commit.substr(0, commit_digits));
  const auto base = commit.size() <= 64 ? number_in(digits, 16) : std::nullopt;
  const bool all_hex = commit.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (!base || !all_hex || commit.size() < 4) {
    throw UsageError(fmt::format(
        "--seed-from: `{}` is no commit; give its hash, 4 to 64 hexadecimal digits", commit));
  }
  if (seeds.last > UINT64_MAX - *base) {
    throw UsageError(
        "--seed-from: with these --seeds the seeds are beyond all numbers; "
        "give lower --seeds");
  }
  return SeedRange{*base + seeds.first, *base + seeds.last};
}

unsigned parse_jobs(std::string_view text) {
  const auto jobs = parse_number(text, 0, most_jobs);
  if (!jobs) {
    throw UsageError(
        fmt::format("--jobs: `{}` is no number of threads; give 0..{}, 0 for all "
                    "processors",
                    text, most_jobs));
  }
  return *jobs > 0 ? *jobs : std::max(std::thread::hardware_concurrency(), 1U);
}

Duration parse_budget(std::string_view option, std::string_view text) {
  const auto time = parse_duration(text);
  if (time && time->count() > 0) return *time;
  throw UsageError(
      fmt::format("{}: `{}` is no time; give a number and a unit, such as 10m", option, text));
}

std::uint64_t parse_failures_max(std::string_view text) {
  const auto count = number_in(text, 10);
  if (count && *count > 0) return *count;
  throw UsageError(fmt::format(
      "--max-failures: `{}` is no number of failures; give 1 or more, or --keep-going for no limit",
      text));
}

std::uint32_t parse_check_share(std::string_view text) {
  if (text == "all") return ppm_always;
  if (text == "none") return 0;
  if (text.ends_with('%')) {
    if (const auto percent = parse_number(text.substr(0, text.size() - 1), 1, 100)) {
      return *percent * (ppm_always / 100);
    }
  }
  throw UsageError(fmt::format(
      "--check: `{}` is no share of the seeds; give none, all, or a percentage such as 5%", text));
}

}  // namespace piccolo::sim
