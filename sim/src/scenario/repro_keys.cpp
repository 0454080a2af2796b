#include "scenario/repro_keys.hpp"

#include <array>
#include <charconv>

#include "piccolo/core/printable.hpp"
#include "piccolo/core/suggest.hpp"
#include "scenario/words.hpp"

namespace piccolo::sim {
namespace {

// A whole number, or the same in quotes: TOML's own numbers end at 2^63 - 1, and seeds do not.
void read_seed(const ConfigValue& value, std::uint64_t& seed) {
  if (value.value().type == TomlValue::Type::integer) {
    return value.integer(seed, 0, INT64_MAX);
  }
  const std::string* const text = value.string("a whole number");
  if (text == nullptr) return;
  const char* const end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, seed);
  if (error == std::errc() && stop == end) return;
  value.report(fmt::format("`{}` is no seed: `{}`; give a whole number from 0 to {}, {}",
                           value.key(), printable(*text), UINT64_MAX, value.for_example()));
}

void read_invariant(const ConfigValue& value, std::string& invariant) {
  const std::string* const text = plain_text(value);
  if (text == nullptr) return;
  if (text->empty()) {
    return value.report(fmt::format("`{}` is empty; name the invariant that broke, {}", value.key(),
                                    value.for_example()));
  }
  invariant = *text;
}

void read_expectation(const ConfigValue& value, bool& breaks) {
  const std::string* const text = value.string();
  if (text == nullptr) return;
  const auto found = std::ranges::find(expectation_names, *text);
  if (found != expectation_names.end()) {
    breaks = found != expectation_names.begin();
  } else {
    value.report(fmt::format("`{}` cannot be `{}`; {}", value.key(), printable(*text),
                             suggestion(*text, expectation_names)));
  }
}

using ReproKey = Key<Repro>;

constexpr std::array of_repro{
    ReproKey{"repro", "seed", "7",
             [](const ConfigValue& value, Repro& repro) { read_seed(value, repro.seed); },
             "a whole number, in quotes above 9223372036854775807", "",
             "for what the rest of the file leaves to draw"},
    ReproKey{"repro", "invariant", R"("linearizable")",
             [](const ConfigValue& value, Repro& repro) { read_invariant(value, repro.invariant); },
             "a name", "", "that it broke when it was made"},
    ReproKey{"repro", "expect", R"("holds")",
             [](const ConfigValue& value, Repro& repro) { read_expectation(value, repro.breaks); },
             "holds or breaks", "holds", "of it now, in regression tests"},
};

}  // namespace

std::span<const Key<Repro>> repro_keys() { return of_repro; }

void read_repro(const TomlValue& section, Scenario& scenario, Reading& reading) {
  if (!require_section(section, reading.problems)) return;
  Repro& repro = scenario.repro.emplace();
  for (const TomlValue& entry : section.items) {
    if (read_key(entry, repro_keys(), repro, reading.problems)) continue;
    report_stray(entry, "repro", names_of(repro_keys()), reading);
  }
  for (const std::string_view needed : {"seed", "invariant"}) {
    if (section.find(needed) != nullptr) continue;
    reading.problems.report(section.key_at,
                            fmt::format("`[repro]` lacks `{0}`; add it, for example `{0} = {1}`",
                                        needed, needed == "seed" ? "7" : R"("linearizable")"));
  }
}

}  // namespace piccolo::sim
