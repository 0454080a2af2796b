#include "command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <system_error>
#include <vector>

#include "piccolo/core/suggest.hpp"

namespace piccolo::sim {
namespace {

// The name of the command that the command line is about: "piccolo", "piccolo node".
std::string command_name(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app.get_name() : app.get_name() + " " + chosen.front()->get_name();
}

int complain(const CLI::App& app, int code, std::string_view what) {
  const std::string line = fmt::format("{}: {}\n", command_name(app), one_line(what));
  static_cast<void>(std::fputs(line.c_str(), stderr));
  return code;
}

// What was printed may still have nowhere to go: a full disk, a closed descriptor.
int deliver(const CLI::App& app, int code) {
  if (std::fflush(stdout) != 0) {
    const std::error_code why(errno, std::generic_category());
    return complain(app, exit_internal,
                    fmt::format("cannot write to standard output: {}", why.message()));
  }
  if (std::ferror(stdout) == 0) return code;
  return complain(app, exit_internal, "cannot write all of it to standard output");
}

std::vector<std::string_view> option_names(const CLI::App& app) {
  std::vector<std::string_view> names;
  for (const CLI::Option* const option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.emplace_back(name);
  }
  return names;
}

// A word that belongs to nothing: most likely a misspelled option or command.
std::string explain_leftover(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  const CLI::App& command = chosen.empty() ? app : *chosen.front();
  const std::string word = app.remaining(true).front();
  if (!chosen.empty() && !app.remaining(false).empty()) {
    return fmt::format("`{}` is no option of `{}`; options of `{}` go behind that word", word,
                       app.get_name(), command.get_name());
  }
  const std::string help = fmt::format("see `{} --help`", command_name(app));
  if (!word.starts_with('-')) return fmt::format("`{}` is unexpected; {}", word, help);
  std::optional<std::string_view> meant;
  if (word.starts_with("--")) {
    meant =
        closest_name(std::string_view(word).substr(2, word.find('=') - 2), option_names(command));
  }
  if (!meant) return fmt::format("unknown option `{}`; {}", word, help);
  return fmt::format("unknown option `{}`; did you mean `--{}`?", word, *meant);
}

// CLI11 would say "A subcommand is required" to `piccolo nodd`.
void refuse_unknown_command(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string_view> known;
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  known.reserve(commands.size());
  for (const CLI::App* const command : commands) known.emplace_back(command->get_name());
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word.empty()) {
    throw UsageError(fmt::format("say what to do: `{}`; see `{} --help`",
                                 fmt::join(known, "` or `"), app.get_name()));
  }
  if (word.starts_with('-') || std::ranges::find(known, word) != known.end()) return;
  throw UsageError(fmt::format("unknown command `{}`; {}", word, suggestion(word, known)));
}

// The length of the character that the text begins with; 0 when a terminal must not see it: a
// control character, or bytes that are no UTF-8, of which some terminals take some for controls.
std::size_t printable_prefix(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return first < 0x20 || first == 0x7f ? 0 : 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (std::size_t at = 1; at < length; ++at) {
    if ((byte(at) & 0xc0U) != 0x80) return 0;
  }
  if (first == 0xc2 && byte(1) < 0xa0) return 0;  // U+0080 to U+009F: controls as well
  if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90)) return 0;  // too long
  if ((first == 0xed && byte(1) >= 0xa0) || (first == 0xf4 && byte(1) >= 0x90)) return 0;
  return length;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = printable_prefix(text);
    if (length > 0) {
      line += text.substr(0, length);
    } else if (text.front() == '\n') {
      line += "\\n";
    } else {
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return line;
}

std::optional<unsigned> parse_number(std::string_view text, unsigned low, unsigned high) noexcept {
  unsigned number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < low || number > high) return std::nullopt;
  return number;
}

void print(std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stdout));
}

int run_commands(CLI::App& app, int argc, char** argv, const int& exit_code) {
  try {
    refuse_unknown_command(app, argc, argv);
    app.parse(argc, argv);
    return deliver(app, exit_code);
  } catch (const CLI::Success& asked) {  // help and version
    return deliver(app, app.exit(asked));
  } catch (const CLI::ValidationError& error) {  // our own checks: they name the cure
    return complain(app, exit_usage, error.what());
  } catch (const CLI::ParseError& error) {
    if (!app.remaining(true).empty()) return complain(app, exit_usage, explain_leftover(app));
    return complain(app, exit_usage,
                    fmt::format("{}; see `{} --help`", error.what(), command_name(app)));
  } catch (const UsageError& error) {
    return complain(app, exit_usage, error.what());
  } catch (const std::exception& error) {
    return complain(app, exit_internal, fmt::format("internal error: {}", error.what()));
  }
}

}  // namespace piccolo::sim
