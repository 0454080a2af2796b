// The real node beside the kernel and beside Asio: echo servers over loopback, in turns.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "load.hpp"
#include "server_process.hpp"
#include "support/core.hpp"
#include "support/pair.hpp"

namespace piccolo::bench {
namespace {

constexpr std::chrono::milliseconds turn(200);
constexpr int turns = 24;

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A process is a few per cent faster or slower than the next of the same program, for as long as it
// lives. So there are several of each.
constexpr int turns_of_a_process = 6;

// One server and what is measured of it, turn by turn.
class Contestant {
 public:
  // `driven_from`: the core of the generator, -1 for any; asked when it is known which is fastest.
  Contestant(ServerOptions server, const LoadOptions& load, std::function<int()> driven_from)
      : options_(std::move(server)), load_options_(load), driven_from_(std::move(driven_from)) {}

  Cost measure() {
    const OnCore here(driven_from_());
    if (turns_++ % turns_of_a_process == 0) start();
    const double before = server_->cpu_seconds();
    const LoadResult result = load_->run(turn);
    const double cpu = server_->cpu_seconds() - before;
    p50_.push_back(result.p50);
    p99_.push_back(result.p99);
    cpu_.push_back(cpu / static_cast<double>(result.messages));
    return Cost{result.seconds, result.messages};
  }

  void report(benchmark::State& state, const std::string& who) const {
    state.counters[who + "_p50_us"] = 1e6 * median(p50_);
    state.counters[who + "_p99_us"] = 1e6 * median(p99_);
    state.counters[who + "_cpu_ns"] = 1e9 * median(cpu_);
  }

 private:
  void start() {
    load_.reset();
    server_.reset();
    server_.emplace(options_);
    load_.emplace(server_->port(), load_options_);
    static_cast<void>(load_->run(turn / 2));  // warm
  }

  ServerOptions options_;
  LoadOptions load_options_;
  std::function<int()> driven_from_;
  int turns_ = 0;
  std::optional<ServerProcess> server_;
  std::optional<Load> load_;
  std::vector<double> p50_;
  std::vector<double> p99_;
  std::vector<double> cpu_;
};

void compare_servers(benchmark::State& state, const ServerOptions& ours,
                     const ServerOptions& baseline, const LoadOptions& load) {
  const bool pinned = ours.threads == 1 && core(1) >= 0;
  const auto driven_from = [pinned] { return pinned ? fastest_core() : -1; };
  Contestant first(ours, load, driven_from);
  Contestant second(baseline, load, driven_from);
  compare(state, [&] { return first.measure(); }, [&] { return second.measure(); }, Ratio::rate);
  first.report(state, "ours");
  second.report(state, "baseline");
}

void real_echo(benchmark::State& state, const char* baseline) {
  LoadOptions load;
  load.connections = static_cast<std::size_t>(state.range(0));
  compare_servers(state, ServerOptions{"piccolo", 64, 1}, ServerOptions{baseline, 64, 1}, load);
}

void real_stream(benchmark::State& state, const char* baseline) {
  constexpr std::size_t block = std::size_t{64} * 1024;
  const LoadOptions load{.connections = 1, .message_bytes = block, .window = 16};
  compare_servers(state, ServerOptions{"piccolo", block, 1}, ServerOptions{baseline, block, 1},
                  load);
}

// Two loops that share the listener, beside one. The load generator takes a core as well, as far as
// it needs one.
void real_threads(benchmark::State& state) {
  LoadOptions load;
  load.sleeps = true;
  load.connections = static_cast<std::size_t>(state.range(0));
  compare_servers(state, ServerOptions{"piccolo", 64, 2}, ServerOptions{"piccolo", 64, 1}, load);
}

// What a connection takes of the server's memory while nothing happens on it, in bytes.
void real_idle_memory(benchmark::State& state) {
  allow_many_descriptors();
  LoadOptions options;
  options.connections = static_cast<std::size_t>(state.range(0));
  const auto bytes_of = [&](const char* kind) {
    const ServerProcess server(ServerOptions{kind, 64, 1});
    Load(server.port(), LoadOptions()).touch();
    const std::size_t before = server.memory_bytes();
    Load load(server.port(), options);
    load.touch();
    return static_cast<double>(server.memory_bytes() - before) /
           static_cast<double>(options.connections);
  };
  std::vector<double> ours;
  std::vector<double> baseline;
  for (auto _ : state) {
    ours.push_back(bytes_of("piccolo"));
    baseline.push_back(bytes_of("asio_awaitable"));
  }
  state.counters["ours_bytes"] = median(ours);
  state.counters["baseline_bytes"] = median(baseline);
  state.counters["ratio"] = median(ours) / median(baseline);
}

void connections(benchmark::internal::Benchmark* each) {
  each->Arg(1)->Arg(64)->Arg(1000)->Iterations(turns)->UseManualTime();
}

BENCHMARK_CAPTURE(real_echo, raw_epoll, "raw_epoll")->Apply(connections);
BENCHMARK_CAPTURE(real_echo, asio_callbacks, "asio_callbacks")->Apply(connections);
BENCHMARK_CAPTURE(real_echo, asio_awaitable, "asio_awaitable")->Apply(connections);
BENCHMARK_CAPTURE(real_stream, raw_epoll, "raw_epoll")->Iterations(3 * turns)->UseManualTime();
BENCHMARK_CAPTURE(real_stream, asio_callbacks, "asio_callbacks")
    ->Iterations(turns)
    ->UseManualTime();
BENCHMARK_CAPTURE(real_stream, asio_awaitable, "asio_awaitable")
    ->Iterations(turns)
    ->UseManualTime();
BENCHMARK(real_threads)->Arg(64)->Arg(1000)->Iterations(turns)->UseManualTime();
BENCHMARK(real_idle_memory)->Arg(10'000)->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace piccolo::bench
