// What a world takes, and that nothing grows: not with the seeds of a campaign, and not with the
// bytes that go through a stream. Exit code 1 when something does.

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "heap.hpp"
#include "work/bulk.hpp"
#include "work/chatter.hpp"

namespace {

using namespace piccolo::bench;

constexpr double kib = 1024;
constexpr std::uint64_t warm_up = 1000;  // seeds until pools have what the busiest world needs

struct Row {
  std::string_view name;
  double ours;
  double limit;  // 0: none
  std::string_view unit;
};

bool tell(const Row& row, std::FILE* json, bool last) {
  const bool bad = row.limit > 0 && row.ours > row.limit;
  fmt::print("{:<28} {:>12.1f} {}{}{}\n", row.name, row.ours, row.unit,
             row.limit > 0 ? fmt::format(", at most {:.1f}", row.limit) : "",
             bad ? ": FAILED" : "");
  if (json != nullptr) {
    fmt::print(json, "    {{\"name\": \"memory/{}\", \"{}\": {:.3f}}}{}\n", row.name, row.unit,
               row.ours, last ? "" : ",");
  }
  return !bad;
}

double difference(std::size_t after, std::size_t before) noexcept {
  return (static_cast<double>(after) - static_cast<double>(before)) / kib;
}

// The most that a program holds while so many bytes go through a stream, in KiB.
double bulk_peak(std::uint64_t bytes) {
  const std::size_t before = heap_now();
  reset_heap_peak();
  if (simulated_bulk(bytes) != bytes) std::abort();
  return difference(heap_peak(), before);
}

int measure(std::uint64_t seeds, std::FILE* json) {
  ChatterOptions options;
  const std::size_t empty_heap = heap_now();
  const std::size_t empty_resident = resident_bytes();
  reset_heap_peak();
  chatter(1, options);
  const double world_heap = difference(heap_peak(), empty_heap);
  const double world_resident = difference(resident_bytes(), empty_resident);

  options.faults = piccolo::FaultSet::all();
  chatter(warm_up, options);
  const std::size_t warm_heap = heap_now();
  const std::size_t warm_resident = resident_bytes();
  options.first_seed += warm_up;
  chatter(seeds, options);
  const double heap_growth = difference(heap_now(), warm_heap);
  const double resident_growth = difference(resident_bytes(), warm_resident);

  const double short_bulk = bulk_peak(std::uint64_t{16} << 20U);
  const double long_bulk = bulk_peak(std::uint64_t{1} << 30U);

  bool good = true;
  if (json != nullptr) fmt::print(json, "{{\n  \"benchmarks\": [\n");
  good &= tell({"world_of_3_nodes_heap", world_heap, 0, "KiB"}, json, false);
  good &= tell({"world_of_3_nodes_resident", world_resident, 0, "KiB"}, json, false);
  good &= tell({"growth_heap", heap_growth, 64, "KiB"}, json, false);
  good &= tell({"growth_resident", resident_growth, 1024, "KiB"}, json, false);
  good &= tell({"bulk_16_MiB_peak", short_bulk, 0, "KiB"}, json, false);
  good &= tell({"bulk_1_GiB_peak", long_bulk, 1.1 * short_bulk, "KiB"}, json, true);
  if (json != nullptr) fmt::print(json, "  ]\n}}\n");
  if (!good) fmt::print("memory: FAILED: what grows is kept somewhere; {} seeds\n", seeds);
  return good ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 3000;
  const char* file = nullptr;
  for (int index = 1; index < argc; index += 2) {
    const std::string_view flag = argv[index];
    const char* value = index + 1 < argc ? argv[index + 1] : nullptr;
    if (flag == "--json" && value != nullptr) {
      file = value;
    } else if (flag == "--seeds" && value != nullptr && std::strtoull(value, nullptr, 10) > 0) {
      seeds = std::strtoull(value, nullptr, 10);
    } else {
      fmt::print(stderr, "memory [--seeds COUNT] [--json FILE]: '{}' is not understood\n", flag);
      return 2;
    }
  }
  std::FILE* json = file == nullptr ? nullptr : std::fopen(file, "w");
  if (file != nullptr && json == nullptr) {
    fmt::print(stderr, "memory: cannot write {}\n", file);
    return 2;
  }
  const int status = measure(seeds, json);
  if (json != nullptr && std::fclose(json) != 0) return 2;
  return status;
}
