#include "page/fill_page.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "piccolo/sim/report_page.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::sim {

std::string script_text(const nlohmann::ordered_json& json) {
  using Json = nlohmann::ordered_json;
  // Bytes of a program's message may be no UTF-8.
  const std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size() + text.size() / 64);
  // Outside of strings JSON has none of them.
  for (const char letter : text) {
    if (letter == '<') {
      safe += "\\u003c";
    } else {
      safe += letter;
    }
  }
  return safe;
}

std::string fill_page(std::span<const std::string_view> page, std::string_view data) {
  if (!page_lacks().empty()) throw UsageError(std::string(page_lacks()));
  std::string text;
  for (const std::string_view piece : page) text += piece;
  constexpr std::string_view place = "@PICCOLO_DATA@";
  const std::size_t at = text.find(place);
  if (at == std::string::npos) throw std::logic_error("a report page has no place for its data");
  return text.replace(at, place.size(), data);
}

}  // namespace piccolo::sim
