#include "page_data.hpp"

#include <stdexcept>

namespace piccolo::test {

nlohmann::json page_data(const std::string& page) {
  const std::string opening = R"(<script type="application/json" id="data">)";
  const std::size_t begin = page.find(opening);
  if (begin == std::string::npos) throw std::logic_error("the page has no data");
  const std::size_t end = page.find("</script>", begin);
  return nlohmann::json::parse(page.substr(begin + opening.size(), end - begin - opening.size()));
}

std::vector<std::uint64_t> summed(const nlohmann::json& differences) {
  std::vector<std::uint64_t> sums;
  std::uint64_t sum = 0;
  for (const auto& difference : differences) sums.push_back(sum += difference.get<std::uint64_t>());
  return sums;
}

}  // namespace piccolo::test
