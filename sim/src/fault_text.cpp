// Faults as lines of text: one table of forms, in the files of the kinds, serves both directions.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "fault_values.hpp"
#include "faults/rules.hpp"
#include "piccolo/core/suggest.hpp"

namespace piccolo {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::string_view blanks = " \t\r";

Words words_of(std::string_view text) {
  Words words;
  for (std::size_t begin = text.find_first_not_of(blanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(blanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(blanks, end);
  }
  return words;
}

std::string for_people(std::string_view form) {
  std::string text;
  for (const std::string_view word : words_of(form)) {
    const FormWord parts(word);
    if (!text.empty()) text += ' ';
    text += parts.before;
    if (parts.is_value()) text += placeholder_words(parts.value);
    text += parts.after;
  }
  return text;
}

bool matches(const Words& form, const Words& line) {
  return std::equal(form.begin(), form.end(), line.begin(), line.end(),
                    [](std::string_view in_form, std::string_view in_line) {
                      return FormWord(in_form).matches(in_line);
                    });
}

std::expected<Fault, std::string> read(FaultKind kind, std::size_t form, const Words& line,
                                       const FaultScene& scene) {
  Fault fault;
  fault.kind = kind;
  fault.form = static_cast<std::uint8_t>(form);
  const Words words = words_of(rules_of(kind).forms[form]);
  for (std::size_t index = 0; index < words.size(); ++index) {
    const FormWord word(words[index]);
    if (!word.is_value()) continue;
    const std::string_view text = word.value_in(line[index]);
    if (auto wrong = read_value(word.value, text, scene, fault)) return std::unexpected(*wrong);
  }
  return fault;
}

// How much the line looks as if this form was meant: by its words, misspelled ones included.
int likeness(const Words& form, const Words& line) {
  constexpr std::array<std::string_view, 9> everywhere{"for", "by", "to", "on", "in",
                                                       "a",   "of", "is", "the"};
  int score = 0;
  for (const std::string_view word : form) {
    if (FormWord(word).is_value() || std::ranges::find(everywhere, word) != everywhere.end()) {
      continue;
    }
    if (std::ranges::find(line, word) != line.end()) {
      score += 2;
    } else if (closest_name(word, line)) {
      score += 1;
    }
  }
  return score;
}

std::string unknown_line(const Words& line) {
  int best = 0;
  std::string_view meant;
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    for (const std::string_view form : rules_of(static_cast<FaultKind>(kind)).forms) {
      const int score = likeness(words_of(form), line);
      if (score <= best) continue;
      best = score;
      meant = form;
    }
  }
  const std::string text = fmt::format("{}", fmt::join(line, " "));
  if (meant.empty()) {
    return fmt::format("`{}` is no fault; write one such as `{}`", text,
                       for_people("isolate {host} for {for}"));
  }
  return fmt::format("`{}` is no fault; write `{}`", text, for_people(meant));
}

std::expected<Fault, std::string> read_any(const Words& line, const FaultScene& scene) {
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    const auto forms = rules_of(kind).forms;
    for (std::size_t form = 0; form < forms.size(); ++form) {
      if (matches(words_of(forms[form]), line)) return read(kind, form, line, scene);
    }
  }
  return std::unexpected(unknown_line(line));
}

}  // namespace

std::string describe(const Fault& fault, const FaultScene& scene) {
  std::string text;
  std::size_t subject = 0;
  for (const std::string_view each : words_of(form_of(fault))) {
    const FormWord word(each);
    if (!text.empty()) text += ' ';
    text += word.before;
    if (word.is_value()) text += print_value(word.value, fault, scene, subject);
    text += word.after;
  }
  return text;
}

std::string to_line(const Fault& fault, const FaultScene& scene) {
  return format_duration(fault.at) + " " + describe(fault, scene);
}

std::expected<Fault, std::string> parse_fault(std::string_view line, const FaultScene& scene) {
  if (line.size() > fault_line_max) {
    return std::unexpected(
        fmt::format("a line of more than {} characters is no fault; write one such as `2s isolate "
                    "n1 for 3s`",
                    fault_line_max));
  }
  Words words = words_of(line);
  constexpr const char* missing = "a fault is missing; write one such as `2s isolate n1 for 3s`";
  if (words.empty()) return std::unexpected(missing);
  const auto at = read_time(words.front());
  if (!at) return std::unexpected("a fault begins with its time: " + at.error());
  words.erase(words.begin());
  if (words.empty()) return std::unexpected(missing);
  auto fault = read_any(words, scene);
  if (!fault) return fault;
  fault->at = *at;
  std::string complaint = complaint_about(*fault, scene);
  if (!complaint.empty()) return std::unexpected(std::move(complaint));
  return fault;
}

std::optional<FaultKind> fault_kind_of(std::string_view line) {
  Words words = words_of(line);
  if (words.empty()) return std::nullopt;
  words.erase(words.begin());  // its time
  for (std::size_t index = 0; index < fault_kinds; ++index) {
    const auto kind = static_cast<FaultKind>(index);
    for (const std::string_view form : rules_of(kind).forms) {
      if (matches(words_of(form), words)) return kind;
    }
  }
  return std::nullopt;
}

std::vector<std::string> fault_lines(FaultKind kind) {
  std::vector<std::string> lines;
  for (const std::string_view form : rules_of(kind).forms) lines.push_back(for_people(form));
  return lines;
}

}  // namespace piccolo
