#include "piccolo/core/stream.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>

#include "catch.hpp"
#include "death.hpp"
#include "fake_stream.hpp"
#include "manual_world.hpp"
#include "piccolo/core/stream_io.hpp"

using namespace piccolo;
using namespace piccolo::test;
using namespace std::chrono_literals;

namespace {

std::string outcome(const Result<void>& result) {
  return result ? "ok" : error_name(result.error());
}
std::string outcome(const Result<std::size_t>& result) {
  return result ? std::to_string(*result) : error_name(result.error());
}

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Task<void> read_some(Stream& stream, std::size_t room, std::string name, Lines* lines) {
  std::array<std::byte, 64> buffer{};
  const auto got = co_await stream.read_some(std::span(buffer).first(room));
  lines->push_back(name + ": " + outcome(got));
}

Task<void> write_some(Stream& stream, std::string text, std::string name, Lines* lines) {
  const auto taken = co_await stream.write_some(bytes_of(text));
  lines->push_back(name + ": " + outcome(taken));
}

Task<void> read_all_of(Stream& stream, std::size_t size, Lines* lines) {
  std::array<std::byte, 64> buffer{};
  const auto result = co_await read_exactly(stream, std::span(buffer).first(size));
  const std::string text(reinterpret_cast<const char*>(buffer.data()), size);
  lines->push_back(outcome(result) + " " + (result ? text : ""));
}

Task<void> write_all_of(Stream& stream, std::string text, Lines* lines) {
  const auto result = co_await write_all(stream, bytes_of(text));
  lines->push_back(outcome(result));
}

}  // namespace

TEST_CASE("stream: a read waits for bytes, and ends with none at the end") {
  FakeStream fake;
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  world.spawn(read_some(stream, 8, "first", &lines));
  world.settle();
  CHECK(fake.read_pending());
  CHECK(lines.empty());
  fake.arrive("abc");
  world.settle();
  fake.end();
  world.run(read_some(stream, 8, "second", &lines));
  CHECK(lines == Lines{"first: 3", "second: 0"});
}

TEST_CASE("stream: a second read while the first is pending is refused, and harms nothing") {
  FakeStream fake;
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  world.spawn(read_some(stream, 8, "first", &lines));
  world.spawn(read_some(stream, 8, "second", &lines));
  world.settle();
  CHECK(lines == Lines{"second: concurrent_read"});
  CHECK(fake.read_pending());
  fake.arrive("abc");
  world.settle();
  CHECK(lines.back() == "first: 3");
}

TEST_CASE("stream: a second write while the first is pending is refused, a read is not") {
  FakeStream fake(0);
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  world.spawn(write_some(stream, "abcd", "first", &lines));
  world.spawn(write_some(stream, "efgh", "second", &lines));
  world.spawn(read_some(stream, 8, "read", &lines));
  world.settle();
  CHECK(lines == Lines{"second: concurrent_write"});
  fake.make_room(3);
  fake.arrive("x");
  world.settle();
  CHECK(lines == Lines{"second: concurrent_write", "first: 3", "read: 1"});
  CHECK(fake.written == "abc");
}

TEST_CASE("stream: an empty buffer completes at once without the backend") {
  FakeStream fake;
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  world.run(read_some(stream, 0, "read", &lines));
  world.run(write_some(stream, "", "write", &lines));
  CHECK(lines == Lines{"read: 0", "write: 0"});
  CHECK_FALSE(fake.read_pending());
}

TEST_CASE("stream: on a closed handle everything is a bad file descriptor") {
  ManualWorld world;
  Lines lines;
  Stream stream;
  CHECK_FALSE(stream.is_open());
  world.run(read_some(stream, 8, "read", &lines));
  world.run(write_some(stream, "x", "write", &lines));
  CHECK(lines == Lines{"read: bad_file_descriptor", "write: bad_file_descriptor"});
  CHECK(outcome(stream.shutdown_send()) == "bad_file_descriptor");
  stream.close();
  CHECK_THAT(abort_message([] { static_cast<void>(Stream().local_endpoint()); }),
             contains_text("local_endpoint of a closed stream"));
  CHECK_THAT(abort_message([] { static_cast<void>(Stream().remote_endpoint()); }),
             contains_text("remote_endpoint of a closed stream"));
}

TEST_CASE("stream: close completes what is pending with operation_canceled, and releases once") {
  FakeStream fake(0);
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  world.spawn(read_some(stream, 8, "read", &lines));
  world.spawn(write_some(stream, "x", "write", &lines));
  world.settle();
  stream.close();
  CHECK(fake.releases == 1);
  CHECK_FALSE(fake.read_pending());
  stream.close();
  world.settle();
  CHECK(lines == Lines{"read: operation_canceled", "write: operation_canceled"});
  CHECK(fake.releases == 1);
}

TEST_CASE("stream: the handle moves, and closes what it held before") {
  FakeStream one;
  FakeStream two;
  {
    Stream first(one);
    Stream second(two);
    first = std::move(second);
    CHECK(one.releases == 1);
    CHECK(first.is_open());
    CHECK(first.remote_endpoint().port == 2);
    Stream third(std::move(first));
    CHECK(two.releases == 0);
    third.shutdown_send().value();
    CHECK(two.shutdowns == 1);
  }
  CHECK(one.releases == 1);
  CHECK(two.releases == 1);
}

TEST_CASE("stream: an operation unregisters when its frame is destroyed or canceled") {
  FakeStream fake(0);
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  {
    Scope scope(world.executor);
    scope.spawn(read_some(stream, 8, "read", &lines));
    scope.spawn(write_some(stream, "x", "write", &lines));
    world.settle();
    CHECK(fake.read_pending());
    CHECK(fake.write_pending());
  }
  CHECK_FALSE(fake.read_pending());
  CHECK_FALSE(fake.write_pending());
  CHECK(lines.empty());
  Scope scope(world.executor);
  scope.spawn(read_some(stream, 8, "read", &lines));
  world.settle();
  scope.cancel();
  CHECK_FALSE(fake.read_pending());
  fake.arrive("kept");
  world.settle();
  world.run(read_some(stream, 8, "again", &lines));
  CHECK(lines == Lines{"read: operation_canceled", "again: 4"});
}

TEST_CASE("stream io: read_exactly gathers pieces, and misses nothing that follows") {
  FakeStream fake;
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  world.spawn(read_all_of(stream, 6, &lines));
  for (const char* piece : {"ab", "c", "defgh"}) {
    world.settle();
    CHECK(lines.empty());
    fake.arrive(piece);
  }
  world.settle();
  fake.end();
  world.run(read_all_of(stream, 2, &lines));
  world.run(read_all_of(stream, 0, &lines));
  CHECK(lines == Lines{"ok abcdef", "ok gh", "ok "});
}

TEST_CASE("stream io: read_exactly tells an early end from other failures") {
  FakeStream fake;
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  fake.arrive("abc");
  fake.end();
  world.run(read_all_of(stream, 6, &lines));
  FakeStream broken;
  Stream other(broken);
  world.spawn(read_all_of(other, 6, &lines));
  world.settle();
  broken.break_with(std::errc::connection_reset);
  world.settle();
  CHECK(lines == Lines{"end_of_stream ", "connection_reset "});
}

TEST_CASE("stream io: write_all goes on until everything is taken, or fails") {
  FakeStream fake(3);
  fake.at_most = 2;
  ManualWorld world;
  Lines lines;
  Stream stream(fake);
  world.spawn(write_all_of(stream, "abcdefg", &lines));
  world.settle();
  CHECK(fake.written == "abc");
  fake.make_room(100);
  world.settle();
  CHECK(fake.written == "abcdefg");
  CHECK(lines == Lines{"ok"});
  FakeStream full(1);
  Stream other(full);
  world.spawn(write_all_of(other, "abc", &lines));
  world.settle();
  full.break_with(std::errc::broken_pipe);
  world.settle();
  CHECK(lines.back() == "broken_pipe");
}
