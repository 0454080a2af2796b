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

namespace piccolo::cli {
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

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const auto next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    if (c == '\xc2' && next >= 0x80 && next < 0xa0) {  // U+0080 to U+009F, in UTF-8
      line += fmt::format("\\xc2\\x{:02x}", next);
      ++at;
    } else if (c == '\n') {
      line += "\\n";
    } else if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f) {
      line += fmt::format("\\x{:02x}", byte);
    } else {
      line += c;
    }
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

int run(CLI::App& app, int argc, char** argv, const int& exit_code) {
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

}  // namespace piccolo::cli
