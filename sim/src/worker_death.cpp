#include "worker_death.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "campaign_clock.hpp"
#include "signal_name.hpp"
#include "worker_signals.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t detail_max = 4096;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!std::ranges::all_of(line, [](unsigned char c) { return std::isspace(c) != 0; })) {
      lines.push_back(line);
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// "/path/program(function+0x1c)[0x55e8]" as "program(function+0x1c)": addresses differ from run to
// run.
std::string frame_text(std::string_view line) {
  line = line.substr(0, line.rfind('['));
  return std::string(line.substr(line.rfind('/', line.find('(')) + 1));
}

struct Parts {
  std::string_view said;            // before the stack
  std::vector<std::string> frames;  // innermost first
};

Parts parts_of(std::string_view errors) {
  const std::size_t stack = errors.rfind(worker_stack_headline);
  if (stack == std::string_view::npos) return {errors, {}};
  Parts parts{errors.substr(0, stack), {}};
  for (const auto line : lines_of(errors.substr(stack + worker_stack_headline.size()))) {
    parts.frames.push_back(frame_text(line));
  }
  return parts;
}

// The line that names the mistake. A sanitizer's summary has no addresses in it, unlike its first.
std::optional<std::size_t> telling_line(const std::vector<std::string_view>& lines) {
  for (const std::string_view mark :
       {"runtime error: ", "SUMMARY: ", "ERROR: ", "Assertion ", "terminate called"}) {
    for (std::size_t line = lines.size(); line-- > 0;) {
      if (lines[line].find(mark) != std::string_view::npos) return line;
    }
  }
  if (lines.empty()) return std::nullopt;
  return lines.size() - 1;
}

// libstdc++ tells of an exception in two lines.
std::string headline(const std::vector<std::string_view>& lines) {
  constexpr std::string_view what = "  what():  ";
  const auto line = telling_line(lines);
  if (!line) return {};
  std::string text(lines[*line]);
  const bool goes_on = *line + 1 < lines.size() && lines[*line + 1].starts_with(what) &&
                       text.starts_with("terminate called");
  if (goes_on) text.append(": ").append(lines[*line + 1].substr(what.size()));
  return text;
}

std::string last_lines(const std::vector<std::string_view>& lines) {
  std::size_t first = lines.size();
  std::size_t bytes = 0;
  while (first > 0 && bytes + lines[first - 1].size() + 1 <= detail_max) {
    bytes += lines[--first].size() + 1;
  }
  std::string text;
  for (; first < lines.size(); ++first) text.append("\n").append(lines[first]);
  return text;
}

std::string stack_text(const std::vector<std::string>& frames) {
  if (frames.empty()) return {};
  std::string text = "\nit was in:";
  for (const std::string& frame : frames) text += "\n  " + frame;
  return text;
}

}  // namespace

std::string cause_of_death(int status) {
  if (!WIFSIGNALED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* const name = signal_name(signal);
  return name != nullptr ? name : "signal " + std::to_string(signal);
}

Violation crash_violation(int status, std::string_view errors) {
  const Parts parts = parts_of(errors);
  const auto lines = lines_of(parts.said);
  std::string detail = cause_of_death(status);
  if (const std::string text = headline(lines); !text.empty()) {
    detail += ": " + text.substr(0, detail_max);
  } else if (!parts.frames.empty()) {
    detail += " in " + parts.frames.front();
  }
  if (lines.size() > 1) detail += last_lines(lines);
  detail += stack_text(parts.frames);
  return Violation{"crash", std::move(detail), Duration(0), false};
}

Violation hang_violation(Duration patience, std::string_view errors) {
  const Parts parts = parts_of(errors);
  return Violation{
      "hang", hang_headline(patience) + last_lines(lines_of(parts.said)) + stack_text(parts.frames),
      Duration(0), true};
}

}  // namespace piccolo::sim
