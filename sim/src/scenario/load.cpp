// Where scenarios are found.

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "piccolo/core/printable.hpp"
#include "piccolo/core/suggest.hpp"
#include "scenario/built_in.hpp"
#include "scenario/keys.hpp"

namespace piccolo::sim {
namespace {

namespace fs = std::filesystem;

using Loaded = std::expected<LoadedScenario, std::string>;

constexpr std::string_view extension = ".toml";

// Why there is nothing to read, and the cure; empty for a file.
std::string complaint_about(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  switch (status.type()) {
    case fs::file_type::regular:
      return {};
    case fs::file_type::not_found:
      return "there is no such file; give the path of a scenario, or the name of a built-in one";
    case fs::file_type::directory:
      return "it is a directory; give the path of a file";
    case fs::file_type::none:
      return fmt::format("it cannot be read: {}; give a readable file", error.message());
    default:
      // A pipe would wait, and a device may have no end.
      return "it is neither a file nor a link to one; give the path of a file";
  }
}

std::expected<std::string, std::string> read_file(const fs::path& path) {
  std::string complaint = complaint_about(path);
  if (!complaint.empty()) return std::unexpected(std::move(complaint));
  std::ifstream file(path, std::ios::binary);
  std::string text(scenario_bytes_max + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.eof()) {
    const bool too_long = file.good();
    return std::unexpected(too_long ? "it has more than 1 MiB; give the path of a scenario"
                                    : "it cannot be read; give a readable file");
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

Loaded load_file(const std::string& path, std::span<const WorldDescription> worlds) {
  const auto text = read_file(path);
  if (!text) return std::unexpected(printable(path, 200) + ": " + text.error());
  return parse_scenario(*text, path, worlds);
}

bool is_path(std::string_view text) {
  return text.find('/') != std::string_view::npos || text.ends_with(extension);
}

Loaded load_built_in(const EmbeddedFile& file, std::span<const WorldDescription> worlds) {
  auto loaded = parse_scenario(file.text, fmt::format("built-in {}.toml", file.name), worlds);
  if (loaded) loaded->scenario.name = file.name;
  return loaded;
}

std::string unknown_name(std::string_view name) {
  std::vector<std::string_view> known;
  for (const EmbeddedFile& file : embedded_scenarios()) known.push_back(file.name);
  return fmt::format(
      "{0}: there is neither a file ./scenarios/{0}.toml nor a built-in scenario of "
      "that name; {1}",
      name, suggestion(name, known));
}

}  // namespace

Loaded load_scenario(std::string_view path_or_name, std::span<const WorldDescription> worlds) {
  const std::string text(path_or_name);
  if (text.empty() || has_control_characters(text)) {
    return std::unexpected(
        fmt::format("{}: no scenario is called so; give a path, or a name such as `{}`",
                    text.empty() ? "``" : printable(text), embedded_scenarios().front().name));
  }
  if (is_path(text)) return load_file(text, worlds);
  const std::string own = "./scenarios/" + text + std::string(extension);
  std::error_code ignored;
  if (fs::exists(own, ignored)) return load_file(own, worlds);
  for (const EmbeddedFile& file : embedded_scenarios()) {
    if (file.name == text) return load_built_in(file, worlds);
  }
  return std::unexpected(unknown_name(printable(text)));
}

std::vector<BuiltInScenario> built_in_scenarios() {
  std::vector<BuiltInScenario> all;
  for (const EmbeddedFile& file : embedded_scenarios()) {
    BuiltInScenario& scenario =
        all.emplace_back(std::string(file.name), "", std::string(file.text));
    const auto root = parse_toml(file.text);
    const TomlValue* const about = root ? root->find("about") : nullptr;
    if (about != nullptr) scenario.about = about->text;
  }
  return all;
}

}  // namespace piccolo::sim
