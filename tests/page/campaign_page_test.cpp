// What the page of a campaign carries.

#include <vector>

#include "catch.hpp"
#include "page_data.hpp"
#include "piccolo/sim/report_page.hpp"

namespace piccolo::sim {

TEST_CASE("the page of a campaign carries its report and the seeds that failed") {
  if (!page_lacks().empty()) {
    WARN("not tested: " << page_lacks());
    return;
  }
  const std::vector<FoundFailure> found{{.position = 2, .seed = 11, .signature = 0},
                                        {.position = 7, .seed = 16, .signature = 1},
                                        {.position = 8, .seed = 17, .signature = 0}};
  const std::vector<std::string> signatures{"echo: </script>", "leader: two"};
  const std::string page = campaign_page(R"({"world": "<b>", "seeds": 20})", found, signatures);
  const auto data = test::page_data(page);
  CHECK(data.at("report").at("world") == "<b>");
  CHECK(data.at("signatures")[0] == "echo: </script>");
  CHECK(data.at("found").at("position") == std::vector<std::uint64_t>{2, 7, 8});
  CHECK(data.at("found").at("seed") == std::vector<std::uint64_t>{11, 16, 17});
  CHECK(data.at("found").at("group") == std::vector<std::uint64_t>{0, 1, 0});
}

}  // namespace piccolo::sim
