#include "piccolo/sim/fault_set.hpp"

#include <fmt/format.h>

#include <vector>

#include "piccolo/core/suggest.hpp"

namespace piccolo {

namespace {

std::string unknown_kind(std::string_view word) {
  std::vector<std::string_view> known;
  known.reserve(fault_kinds);
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    known.push_back(fault_kind_name(static_cast<FaultKind>(kind)));
  }
  std::string meant;
  if (const auto name = closest_name(word, known))
    meant = fmt::format("did you mean `{}`? ", *name);
  return fmt::format("`{}` is not a kind of fault; {}give all, none, or some of {}", word, meant,
                     FaultSet::known());
}

// The grammar is `none`, `KIND,KIND,...`, `all` or `all,-KIND,...`: a list that says two things
// at once is more likely a slip than a wish.
std::string misplaced(std::string_view word) {
  if (word == "none") {
    return fmt::format("`none` stands alone; leave it out, or give some of {}", FaultSet::known());
  }
  return fmt::format(
      "`all` comes first, and only kinds to leave out follow it, as in all,-hup; "
      "give all, none, or some of {}",
      FaultSet::known());
}

std::string mixed(std::string_view word, bool without) {
  if (without) {
    return fmt::format(
        "`-{0}` leaves out what was never in; write all,-{0} for all but {0}, none, "
        "or some of {1}",
        word, FaultSet::known());
  }
  return fmt::format(
      "`all` holds `{0}` already; write all, all,-{0} for all but {0}, none, or "
      "some of {1}",
      word, FaultSet::known());
}

}  // namespace

std::string FaultSet::known() {
  std::string text;
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if (kind > 0) text += ',';
    text += fault_kind_name(static_cast<FaultKind>(kind));
  }
  return text;
}

FaultSet FaultSet::all() noexcept {
  FaultSet set;
  set.kinds_.set();
  return set;
}

std::expected<FaultSet, std::string> FaultSet::parse(std::string_view text) {
  if (text == "none") return none();
  FaultSet set;
  bool from_all = false;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    const bool first = begin == 0;
    begin = end + 1;
    if (first && word == "all") {
      set = all();
      from_all = true;
      continue;
    }
    const bool without = word.starts_with('-');
    if (without) word.remove_prefix(1);
    if (word == "all" || word == "none") return std::unexpected(misplaced(word));
    const auto kind = parse_fault_kind(word);
    if (!kind) return std::unexpected(unknown_kind(word));
    if (without != from_all) return std::unexpected(mixed(word, without));
    set.kinds_[static_cast<std::size_t>(*kind)] = !without;
  }
  return set;
}

std::string FaultSet::to_string() const {
  if (kinds_.none()) return "none";
  // Many kinds are told by what is missing.
  const bool most = kinds_.count() > fault_kinds / 2;
  std::string text = most ? "all" : "";
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if (kinds_[kind] == most) continue;
    if (!text.empty()) text += ',';
    if (most) text += '-';
    text += fault_kind_name(static_cast<FaultKind>(kind));
  }
  return text;
}

}  // namespace piccolo
