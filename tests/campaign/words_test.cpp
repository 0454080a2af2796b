#include "catch.hpp"
#include "worker_words.hpp"

namespace piccolo::campaign_test {

TEST_CASE("a worker's words are passed on when the run that may have written them has ended") {
  sim::WorkerWords words;
  std::uint64_t over = 0;  // runs below have ended
  const auto settled = [&] {
    return words.take_settled([&](std::uint64_t run) { return run < over || run == ~0ULL; });
  };
  words.hear("a", 1);
  CHECK(settled().empty());
  over = 2;
  CHECK(settled() == "a");
  words.hear("b", 2);
  CHECK(settled().empty());
  words.hear("c", 3);
  words.hear("d", 4);
  over = 3;
  // What was heard since does not keep it back.
  CHECK(settled() == "b");
  CHECK(settled().empty());
  words.hear("e", 4);
  CHECK(words.take_all() == "cde");
  words.hear("f", ~0ULL);
  CHECK(settled() == "f");
}

TEST_CASE("of a worker's words no more is kept than is of use") {
  sim::WorkerWords words;
  for (int time = 0; time < 100; ++time) words.hear(std::string(10'000, 'x') + "!", 1);
  const std::string all = words.take_all();
  CHECK(all.size() == 64 * 1024);
  CHECK(all.back() == '!');
}

}  // namespace piccolo::campaign_test
