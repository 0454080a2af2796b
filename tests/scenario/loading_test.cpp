// Where scenarios are found, and what is no scenario.

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "catch.hpp"
#include "worlds.hpp"

using namespace piccolo;
using namespace piccolo::sim;
using namespace piccolo::test;

namespace fs = std::filesystem;

namespace {

// Makes a directory of its own the current one.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "piccolo-scenarios-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    directory_ = name;
    fs::current_path(directory_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::current_path(before_, ignored);
    fs::remove_all(directory_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  static void write(const std::string& name, const std::string& text) {
    fs::create_directories(fs::absolute(name).parent_path());
    std::ofstream(name, std::ios::binary) << text;
  }

 private:
  fs::path before_ = fs::current_path();
  fs::path directory_;
};

std::string error(std::string_view name) {
  const auto loaded = load_scenario(name, only_piccolo());
  return loaded ? "no error" : loaded.error();
}

Scenario load(std::string_view name) {
  auto loaded = load_scenario(name, only_piccolo());
  if (!loaded) FAIL(loaded.error());
  return loaded->scenario;
}

}  // namespace

TEST_CASE("loading: a bare name is built in, and found from anywhere") {
  const Scratch scratch;
  const Scenario wan = load("wan");
  CHECK(wan.name == "wan");
  CHECK(wan.about == "continents apart: slow, of changing latency, narrow");
}

TEST_CASE("loading: an own file goes before the built-in one of its name") {
  const Scratch scratch;
  Scratch::write("scenarios/wan.toml", "about = 'mine'");
  CHECK(load("wan").about == "mine");
  CHECK(load("wan").name == "wan");
  Scratch::write("scenarios/wan.toml", "abut = 'mine'");
  CHECK(error("wan") == "./scenarios/wan.toml:1:1: unknown key `abut`; did you mean `about`?");
}

TEST_CASE("loading: what looks like a path is one") {
  const Scratch scratch;
  Scratch::write("mine.toml", "about = 'one'");
  Scratch::write("some/where", "about = 'two'");
  CHECK(load("mine.toml").about == "one");
  CHECK(load("./some/where").about == "two");
  CHECK(load("some/where").name == "where");
  CHECK(error("wan.toml") ==
        "wan.toml: there is no such file; give the path of a scenario, or the name of a built-in "
        "one");
}

TEST_CASE("loading: a name that is none is answered with the one that was meant") {
  const Scratch scratch;
  CHECK(error("wna") ==
        "wna: there is neither a file ./scenarios/wna.toml nor a built-in scenario of that name; "
        "did you mean `wan`?");
  CHECK_THAT(error(""), Catch::Matchers::StartsWith("``: no scenario is called so; "));
  CHECK_THAT(error("a\nb"), Catch::Matchers::StartsWith("a\\nb: no scenario is called so; "));
  CHECK_THAT(error(std::string_view("wan\0", 4)), Catch::Matchers::StartsWith("wan\\x00: "));
}

TEST_CASE("loading: what is no file of a sensible size is refused in one line") {
  const Scratch scratch;
  fs::create_directories("dir.toml");
  CHECK(error("dir.toml") == "dir.toml: it is a directory; give the path of a file");
  const std::string no_file = ": it is neither a file nor a link to one; give the path of a file";
  CHECK(error("/dev/null") == "/dev/null" + no_file);
  CHECK(error("/dev/zero") == "/dev/zero" + no_file);
  REQUIRE(::mkfifo("pipe.toml", 0600) == 0);
  CHECK(error("pipe.toml") == "pipe.toml" + no_file);
  Scratch::write("largest.toml", std::string(scenario_bytes_max, '\n'));
  CHECK(error("largest.toml") == "no error");
  Scratch::write("large.toml", std::string(scenario_bytes_max + 1, '\n'));
  CHECK(error("large.toml") == "large.toml: it has more than 1 MiB; give the path of a scenario");
  Scratch::write("nul.toml", std::string("about = 'a'\n\0", 13));
  CHECK_THAT(error("nul.toml"), Catch::Matchers::StartsWith("nul.toml:2:1: "));
  Scratch::write("latin.toml", "about = 'f\xFCr'");
  CHECK_THAT(error("latin.toml"), Catch::Matchers::StartsWith("latin.toml:1:10: "));
  CHECK_THAT(error(std::string(5000, 'a') + "/b"), Catch::Matchers::StartsWith("aaaa"));
}

TEST_CASE("loading: built-in scenarios are the files that are shipped") {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(PICCOLO_SOURCE_DIR "/scenarios")) {
    files.push_back(entry.path().stem().string());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> names;
  for (const BuiltInScenario& scenario : built_in_scenarios()) {
    names.push_back(scenario.name);
    CHECK(scenario.text == text_of_file("scenarios/" + scenario.name + ".toml"));
    CHECK_FALSE(scenario.about.empty());
    CHECK(scenario.text.starts_with("# "));
  }
  CHECK(names == files);
  CHECK(names == std::vector<std::string>{"calm", "flaky-lan", "isolate-one", "lossy-radio",
                                          "rolling-restart", "slow-host", "split-brain",
                                          "the-works", "wan"});
}
