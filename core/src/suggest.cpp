#include "piccolo/core/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace piccolo {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// How many mistakes make `word` of `name`; nothing when they are too many to mean it.
std::optional<std::size_t> mistakes(std::string_view word, std::string_view name) {
  // Its beginning is as good as the name with one mistake.
  if (word.size() >= 3 && name.starts_with(word)) return 1;
  const std::size_t limit = std::max<std::size_t>(1, name.size() / 3);
  // A difference in length alone is that many edits: spares the table for endless words.
  if (word.size() > name.size() + limit) return std::nullopt;
  const std::size_t distance = edit_distance(word, name);
  if (distance > limit || distance >= std::max(word.size(), name.size())) return std::nullopt;
  return distance;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  // The optimal string alignment distance, with the last three rows of its table.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, above);
    std::swap(above, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::optional<std::string_view> closest_name(std::string_view word,
                                             std::span<const std::string_view> known) {
  const std::string wanted = lower(word);
  std::optional<std::string_view> best;
  std::size_t best_mistakes = 0;
  for (const std::string_view name : known) {
    if (lower(name) == wanted) return name;
    const auto found = mistakes(wanted, lower(name));
    if (!found || (best && *found >= best_mistakes)) continue;
    best = name;
    best_mistakes = *found;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string_view> known) {
  if (const auto name = closest_name(word, known)) return fmt::format("did you mean `{}`?", *name);
  if (known.empty()) return "none is known";
  std::string text = "known are ";
  if (known.size() == 1) text = "the only known is ";
  for (std::size_t index = 0; index < known.size(); ++index) {
    if (index > 0) text += index + 1 == known.size() ? " and " : ", ";
    text += fmt::format("`{}`", known[index]);
  }
  return text;
}

}  // namespace piccolo
