#include "piccolo/core/error.hpp"

#include <cerrno>
#include <set>
#include <string>

#include "catch.hpp"

using namespace piccolo;

TEST_CASE("error: what the kernel reports keeps its POSIX name") {
  CHECK(error_name(std::make_error_code(std::errc::connection_refused)) == "connection_refused");
  CHECK(error_name(std::make_error_code(std::errc::address_in_use)) == "address_in_use");
  CHECK(error_name(std::make_error_code(std::errc::timed_out)) == "timed_out");
  CHECK(error_name(std::make_error_code(std::errc::operation_canceled)) == "operation_canceled");
  CHECK(error_name(std::make_error_code(std::errc::too_many_files_open)) == "too_many_files_open");
}

TEST_CASE("error: the system's category prints the same names as the generic one") {
  CHECK(error_name({ECONNRESET, std::system_category()}) == "connection_reset");
  CHECK(error_name({EPIPE, std::system_category()}) == "broken_pipe");
}

TEST_CASE("error: codes without a name of their own print their number") {
  CHECK(error_name({EPROTO, std::generic_category()}) == "errno_71");
  CHECK(error_name(std::error_code()) == "success");
}

TEST_CASE("error: every code of Piccolo has a name of its own") {
  std::set<std::string> names;
  for (int value = 1; value <= 9; ++value) {
    const std::error_code code = static_cast<Errc>(value);
    CHECK(error_name(code) == code.message());
    CHECK(error_name(code) != "unknown");
    names.insert(error_name(code));
  }
  CHECK(names.size() == 9);
  CHECK(error_name(Errc::end_of_stream) == "end_of_stream");
  CHECK(std::string(piccolo_category().name()) == "piccolo");
  CHECK(error_name({99, piccolo_category()}) == "unknown");
}

TEST_CASE("error: equal numbers of different categories are different errors") {
  const std::error_code own = Errc::end_of_stream;
  CHECK(own != std::error_code(1, std::generic_category()));
  CHECK(own == Errc::end_of_stream);
  CHECK(own != std::errc::operation_not_permitted);
}

TEST_CASE("error: failures convert to any result") {
  const Result<int> one = failure(Errc::mailbox_closed);
  const Result<> two = failure(std::errc::timed_out);
  const Result<std::string> three = failure(two.error());
  CHECK(one.error() == Errc::mailbox_closed);
  CHECK(three.error() == std::errc::timed_out);
  CHECK(is_canceled(std::make_error_code(std::errc::operation_canceled)));
  CHECK_FALSE(is_canceled(two.error()));
  CHECK_FALSE(is_canceled(std::error_code()));
}
