// A scenario as the file that gives it again.

#include "quantities.hpp"
#include "scenario/fault_keys.hpp"
#include "scenario/link_keys.hpp"
#include "scenario/words.hpp"

namespace piccolo::sim {
namespace {

// A basic string of TOML.
std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\u{:04x}", byte);
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string toml_string(Duration time) { return toml_string(format_duration(time)); }

class Writer {
 public:
  void line(std::string_view key, std::string_view value) {
    text_ += fmt::format("{} = {}\n", key, value);
  }
  // "[faults]"
  void section(std::string_view header) { text_ += fmt::format("\n{}\n", header); }
  void raw(std::string_view text) { text_ += text; }
  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

void write_lines(Writer& out, std::string_view key, const std::vector<ListedFault>& lines) {
  out.raw(fmt::format("{} = [\n", key));
  for (const ListedFault& each : lines) out.raw(fmt::format("  {},\n", toml_string(each.line)));
  out.raw("]\n");
}

void write_top(Writer& out, const Scenario& scenario, std::string_view world) {
  if (!scenario.about.empty()) out.line("about", toml_string(scenario.about));
  out.line("world", toml_string(world));
  out.line("duration", toml_string(scenario.duration));
  out.line("heal", toml_string(heal_names[static_cast<std::size_t>(scenario.heal)]));
  if (!scenario.broken.empty()) write_lines(out, "broken", scenario.broken);
  if (scenario.layout_drawn) out.line("layout", toml_string(layout_names[1]));
  if (scenario.usual_kernels) out.line("kernels", toml_string(kernel_names[1]));
  out.line("order", toml_string(scenario.order ? ready_order_name(*scenario.order) : mixed_order));
  out.line("buggify", scenario.buggify ? "true" : "false");
  out.line("events_max", std::to_string(scenario.events_max));
}

void write_parameters(Writer& out, const Parameters& parameters) {
  if (parameters.all().empty()) return;
  out.section("[parameters]");
  for (const Parameter& parameter : parameters.all()) {
    const std::string value = value_text(parameter);
    out.line(parameter.name, parameter.kind == Parameter::Kind::time ? toml_string(value) : value);
  }
}

std::string share(std::uint32_t ppm) { return toml_string(format_percentage(ppm) + "%"); }

std::string rate(std::uint64_t per_second) {
  return toml_string(per_second == 0 ? std::string(unlimited) : format_size(per_second) + "/s");
}

// What differs from `base`.
void write_latency(Writer& out, const LatencyModel& latency, const LatencyModel& base) {
  if (latency.base != base.base) out.line("latency", toml_string(latency.base));
  if (latency.spread != base.spread) out.line("spread", toml_string(latency.spread));
  // A spread alone would choose one.
  if (latency.shape == base.shape && latency.spread == base.spread) return;
  out.line("shape", toml_string(shape_names[static_cast<std::size_t>(latency.shape)]));
}

void write_link(Writer& out, const LinkOptions& link, const LinkOptions& base) {
  write_latency(out, link.latency, base.latency);
  if (link.loss_ppm != base.loss_ppm) out.line("loss", share(link.loss_ppm));
  if (link.duplicate_ppm != base.duplicate_ppm) out.line("duplicate", share(link.duplicate_ppm));
  if (link.reorder_ppm != base.reorder_ppm) out.line("reorder", share(link.reorder_ppm));
  if (link.reorder_by != base.reorder_by) out.line("reorder_by", toml_string(link.reorder_by));
  if (link.bandwidth_bytes_per_second != base.bandwidth_bytes_per_second) {
    out.line("bandwidth", rate(link.bandwidth_bytes_per_second));
  }
  if (link.queue_bytes != base.queue_bytes) {
    out.line("queue", toml_string(format_size(link.queue_bytes)));
  }
  if (link.mtu_bytes != base.mtu_bytes) out.line("mtu", std::to_string(link.mtu_bytes));
}

bool same_both_ways(const LinkRule& there, const LinkRule& back) {
  return there.from == back.to && there.to == back.from && there.options == back.options;
}

void write_links(Writer& out, const Scenario& scenario) {
  if (scenario.link) {
    out.section("[link]");
    write_link(out, *scenario.link, LinkOptions());
  }
  const LinkOptions base = scenario.link.value_or(LinkOptions());
  for (std::size_t at = 0; at < scenario.links.size(); ++at) {
    const LinkRule& rule = scenario.links[at];
    out.section("[[links]]");
    if (at + 1 < scenario.links.size() && same_both_ways(rule, scenario.links[at + 1])) {
      out.line("between", fmt::format("[{}, {}]", toml_string(rule.from), toml_string(rule.to)));
      ++at;
    } else {
      out.line("from", toml_string(rule.from));
      out.line("to", toml_string(rule.to));
    }
    write_link(out, rule.options, base);
  }
}

void write_listed(Writer& out, const std::vector<ListedFault>& listed) {
  out.section("[faults]");
  write_lines(out, "list", listed);
}

void write_repro(Writer& out, const Repro& repro) {
  out.section("[repro]");
  const std::string seed = std::to_string(repro.seed);
  out.line("seed", repro.seed > INT64_MAX ? toml_string(seed) : seed);
  out.line("invariant", toml_string(repro.invariant));
  if (repro.breaks) out.line("expect", toml_string(expectation_names[1]));
}

void write_profile(Writer& out, FaultKind kind, const KindProfile& profile) {
  const KindProfile none;
  if (profile == none) return;
  out.section(fmt::format("[faults.{}]", fault_kind_name(kind)));
  if (profile.rate) out.line("rate", toml_string(format_rate(*profile.rate)));
  if (profile.from != none.from) out.line("from", toml_string(profile.from));
  if (profile.until != none.until) out.line("until", toml_string(profile.until));
}

void write_drawn(Writer& out, const Scenario& scenario) {
  out.section("[faults]");
  out.line("kinds", toml_string(scenario.faults.to_string()));
  out.line("swarm", scenario.profile.swarm ? "true" : "false");
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    if (scenario.faults.has(kind)) write_profile(out, kind, scenario.profile.of(kind));
  }
}

}  // namespace

std::string to_toml(const Scenario& scenario, std::string_view world) {
  Writer out;
  write_top(out, scenario, world);
  write_parameters(out, scenario.parameters);
  write_links(out, scenario);
  if (scenario.listed) {
    write_listed(out, *scenario.listed);
  } else {
    write_drawn(out, scenario);
  }
  if (scenario.repro) write_repro(out, *scenario.repro);
  return std::move(out).text();
}

}  // namespace piccolo::sim
