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
                     FaultSet::all().to_string());
}

}  // namespace

FaultSet FaultSet::all() noexcept {
  FaultSet set;
  set.kinds_.set();
  return set;
}

std::expected<FaultSet, std::string> FaultSet::parse(std::string_view text) {
  if (text == "all") return all();
  if (text == "none") return none();
  FaultSet set;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    const auto kind = parse_fault_kind(word);
    if (!kind) return std::unexpected(unknown_kind(word));
    set.add(*kind);
    begin = end + 1;
  }
  return set;
}

std::string FaultSet::to_string() const {
  std::string text;
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    if (!kinds_[kind]) continue;
    if (!text.empty()) text += ',';
    text += fault_kind_name(static_cast<FaultKind>(kind));
  }
  return text.empty() ? "none" : text;
}

}  // namespace piccolo
