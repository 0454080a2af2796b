#include "piccolo/core/suggest.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "property.hpp"

using namespace piccolo;

namespace {

using Names = std::vector<std::string_view>;
const Names discovery{"hosts", "bind_host", "bind_port"};

}  // namespace

TEST_CASE("suggest: the edit distance counts inserted, removed, replaced and swapped characters") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("hosts", "hosts") == 0);
  CHECK(edit_distance("host", "hosts") == 1);
  CHECK(edit_distance("hsots", "hosts") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("ca", "abc") == 3);
}

TEST_CASE("suggest: the edit distance is a distance") {
  const auto word = rc::gen::container<std::string>(rc::gen::elementOf(std::string("abc")));
  rc::prop("symmetric, zero for equals, within the lengths", [word] {
    const std::string a = *word;
    const std::string b = *word;
    const auto distance = edit_distance(a, b);
    RC_ASSERT(distance == edit_distance(b, a));
    RC_ASSERT((distance == 0) == (a == b));
    RC_ASSERT(distance <= std::max(a.size(), b.size()));
    RC_ASSERT(distance >= std::max(a.size(), b.size()) - std::min(a.size(), b.size()));
  });
  rc::prop("one edit is one away", [word] {
    const std::string a = *rc::gen::suchThat(word, [](const auto& text) { return !text.empty(); });
    const auto at = *rc::gen::inRange<std::size_t>(0, a.size());
    std::string removed = a;
    removed.erase(at, 1);
    RC_ASSERT(edit_distance(a, removed) == 1U);
    std::string replaced = a;
    replaced[at] = 'x';
    RC_ASSERT(edit_distance(a, replaced) == 1U);
  });
}

TEST_CASE("suggest: a typing error finds the name that was meant") {
  CHECK(closest_name("bindhost", discovery) == "bind_host");
  CHECK(closest_name("bind-port", discovery) == "bind_port");
  CHECK(closest_name("hots", discovery) == "hosts");
  CHECK(closest_name("HOSTS", discovery) == "hosts");
  CHECK(closest_name("Bind_Prot", discovery) == "bind_port");
}

TEST_CASE("suggest: the beginning of a name finds the name") {
  CHECK(closest_name("bind", discovery) == "bind_host");
  CHECK(closest_name("bind_p", discovery) == "bind_port");
  CHECK_FALSE(closest_name("bi", discovery).has_value());
}

TEST_CASE("suggest: nothing near is nothing suggested") {
  CHECK_FALSE(closest_name("retry", discovery).has_value());
  CHECK_FALSE(closest_name("", discovery).has_value());
  CHECK_FALSE(closest_name("x", Names{"y"}).has_value());
  CHECK_FALSE(closest_name(std::string(10'000'000, 'h'), discovery).has_value());
  CHECK_FALSE(closest_name("hosts", Names{}).has_value());
}

TEST_CASE("suggest: the nearest wins, of equals the first") {
  CHECK(closest_name("holt", Names{"halt", "hold", "bolt"}) == "halt");
  CHECK(closest_name("messagex", Names{"message_by", "messages"}) == "messages");
}

TEST_CASE("suggest: the text asks, or lists what is known") {
  CHECK(suggestion("bindhost", discovery) == "did you mean `bind_host`?");
  CHECK(suggestion("zzz", discovery) == "known are `hosts`, `bind_host` and `bind_port`");
  CHECK(suggestion("zzz", Names{"a", "b"}) == "known are `a` and `b`");
  CHECK(suggestion("zzz", Names{"a"}) == "the only known is `a`");
  CHECK(suggestion("zzz", Names{}) == "none is known");
}
