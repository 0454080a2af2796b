#include "piccolo/sim/linearizability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace piccolo::sim {
namespace {

constexpr std::size_t columns = 80;

using Cells = std::array<std::string, 5>;  // place, client, called, returned, operation

bool continues(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

// On one line, and cut (between characters, as far as UTF-8 goes) to so many columns.
std::string fitted(std::string text, std::size_t room) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  if (width(text) <= room) return text;
  std::size_t end = 0;
  for (std::size_t kept = 0; end < text.size(); ++end) {
    if (continues(text[end])) continue;
    if (++kept > room - 3) break;
  }
  return text.substr(0, end) + "...";
}

std::string padded(const std::string& text, std::size_t room, bool right) {
  const std::string blanks(room - std::min(room, width(text)), ' ');
  return right ? blanks + text : text + blanks;
}

std::string moment(TimePoint at) { return format_seconds(at.time_since_epoch()); }

Cells cells(const detail::ExplainedOperation& operation) {
  const bool returned = operation.returned_at.has_value();
  return {operation.place == 0 ? "-" : std::to_string(operation.place),
          fitted(operation.client, 12), moment(operation.called_at),
          returned ? moment(*operation.returned_at) : "never", operation.text};
}

std::string line(bool culprit, const Cells& row, const std::array<std::size_t, 4>& widths) {
  std::string text = culprit ? ">" : " ";
  for (std::size_t column = 0; column < widths.size(); ++column) {
    text += " " + padded(row[column], widths[column], column != 1) + " ";
  }
  text += " ";
  return text + fitted(row.back(), columns - std::min(width(text), columns - 8)) + "\n";
}

std::string table(const detail::Explanation& explanation) {
  std::vector<std::pair<bool, Cells>> rows{
      {false, {"place", "client", "called", "returned", "operation"}}};
  for (const auto* const part : {&explanation.last, &explanation.unplaced}) {
    for (const auto& operation : *part) rows.emplace_back(operation.culprit, cells(operation));
  }
  std::array<std::size_t, 4> widths{};
  for (const auto& [culprit, row] : rows) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      widths[column] = std::max(widths[column], width(row[column]));
    }
  }
  std::string text;
  for (const auto& [culprit, row] : rows) text += line(culprit, row, widths);
  return text;
}

std::string headline(const detail::Explanation& explanation) {
  const std::string key =
      explanation.key.empty() ? "" : " key " + fitted(explanation.key, 16) + ":";
  if (explanation.verdict == Verdict::not_linearizable) {
    return fmt::format("not linearizable:{} no order explains the operation marked >\n", key);
  }
  return fmt::format("undecided:{} no answer within {} steps\n", key, explanation.max_steps);
}

// What the culprit met. Only one of the longest orders, but the reader has it in the table.
std::string reached(const detail::Explanation& explanation) {
  std::string text = fmt::format("longest order found: {} of {} operations", explanation.placed,
                                 explanation.operations);
  if (!explanation.state.empty()) text += ", then the state is " + explanation.state;
  return fitted(std::move(text), columns) + "\n";
}

std::string left_out(const detail::Explanation& explanation) {
  std::string text;
  const auto add = [&text](std::size_t count, const char* what) {
    if (count != 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
  };
  add(explanation.placed - explanation.last.size(), "placed before");
  add(explanation.unplaced_hidden, "not placed");
  add(explanation.later, "called later");
  return text.empty() ? "" : "not shown: " + text + "\n";
}

}  // namespace

std::string_view verdict_name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::linearizable:
      return "linearizable";
    case Verdict::not_linearizable:
      return "not linearizable";
    case Verdict::undecided:
      return "undecided";
  }
  return "";
}

std::string detail::explanation_text(const Explanation& explanation) {
  return headline(explanation) + table(explanation) + reached(explanation) + left_out(explanation);
}

}  // namespace piccolo::sim
