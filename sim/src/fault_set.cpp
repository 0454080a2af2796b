#include "piccolo/sim/fault_set.hpp"

#include <fmt/format.h>

#include <vector>

#include "piccolo/core/suggest.hpp"

namespace piccolo {

namespace {

std::string unknown_kind(std::string_view word) {
  std::vector<std::string_view> known;
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    known.push_back(fault_kind_name(static_cast<FaultKind>(kind)));
  }
  std::string meant;
  if (const auto name = closest_name(word, known))
    meant = fmt::format("did you mean `{}`? ", *name);
  return fmt::format("`{}` is not a kind of fault; {}give all, none, or some of {}", word, meant,
                     FaultSet::known());
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
  FaultSet set;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    begin = end + 1;
    const bool without = word.starts_with('-');
    if (without) word.remove_prefix(1);
    if (word == "all" || word == "none") {
      set = word == "all" && !without ? all() : none();
      continue;
    }
    const auto kind = parse_fault_kind(word);
    if (!kind) return std::unexpected(unknown_kind(word));
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
