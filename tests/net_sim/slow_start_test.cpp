// How a new stream's congestion window grows, in segments.

#include "lab.hpp"

namespace piccolo::test {
namespace {

using conformance::accept_or_throw;
using conformance::connect_or_throw;
using conformance::listen_or_throw;
using conformance::write;

TEST_CASE("the congestion window counts segments, however short they are") {
  Lab lab;
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    for (const int moment : {150, 350}) {
      co_await env.clock.sleep_until(at(seconds(1) + microseconds(moment)));
      const std::string got = co_await conformance::read(&stream);
      in->diary.note(env, std::to_string(got.size() - 2));
    }
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    co_await env.clock.sleep_until(at(seconds(1)));
    for (int count = 0; count < 12; ++count) co_await write(&stream, "x");
    co_await env.clock.sleep_for(seconds(1));
  });
  lab.run_for(seconds(5));
  // The two that waited for the first acknowledgement make one segment.
  CHECK(lab.diary.lines() == Lines{"1.00015s 10", "1.00035s 2"});
}

TEST_CASE("slow start ends before it overshoots what the link bears") {
  WorldOptions options;
  options.link.latency.base = milliseconds(10);
  options.link.bandwidth_bytes_per_second = 4'000'000;
  options.link.queue_bytes = 128 * 1024;
  options.tcp.send_buffer = options.tcp.receive_buffer = 1024 * 1024;
  Lab lab(options);
  lab.run(lab.server, [](Env& env, Lab* in) -> Task<void> {
    Listener listener = listen_or_throw(env, in->at_server());
    Stream stream = co_await accept_or_throw(&listener);
    const std::size_t all = co_await conformance::drain(&stream);
    in->diary.note(env, std::to_string(all));
  });
  lab.run(lab.client, [](Env& env, Lab* in) -> Task<void> {
    Stream stream = co_await connect_or_throw(env, in->at_server());
    const std::string piece(100'000, 'x');
    for (int count = 0; count < 40; ++count) {
      for (std::size_t sent = 0; sent < piece.size();) {
        const std::string taken = co_await write(&stream, piece.substr(sent));
        sent += std::stoul(taken);
      }
    }
  });
  lab.finish();
  // 1.036 s at the least, with the headers; doubling until the queue overflows would have cost 0.2
  // s more.
  CHECK(lab.diary.lines() == Lines{"1.100889s 4000000"});
}

}  // namespace
}  // namespace piccolo::test
