#include "shrink/rounding.hpp"

#include <algorithm>
#include <array>

namespace piccolo::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<Duration, 9> easy{Duration(0),       milliseconds(1),   milliseconds(10),
                                       milliseconds(100), milliseconds(500), seconds(1),
                                       seconds(2),        seconds(5),        seconds(10)};
// From the coarsest down.
constexpr std::array<Duration, 5> units{seconds(10), seconds(1), milliseconds(100),
                                        milliseconds(10), milliseconds(1)};

// Digits that are not the zeros at the end.
int digits(std::int64_t number) {
  number = number < 0 ? -number : number;
  while (number != 0 && number % 10 == 0) number /= 10;
  int count = 0;
  for (; number != 0; number /= 10) ++count;
  return count;
}

}  // namespace

std::vector<Duration> simpler_times(Duration time) {
  const int had = digits(time.count());
  std::vector<Duration> times;
  for (const Duration each : easy) {
    if (each < time) times.push_back(each);
  }
  for (const Duration unit : units) {
    const Duration down = time - time % unit;
    for (const Duration each : {down, down + unit}) {
      if (each != time && digits(each.count()) < had) times.push_back(each);
    }
  }
  return times;
}

std::vector<std::int64_t> rounder_than(std::int64_t number) {
  const int had = digits(number);
  std::vector<std::int64_t> numbers;
  std::int64_t unit = 1;
  for (std::int64_t rest = number / 10; rest != 0; rest /= 10) unit *= 10;
  for (; unit > 1; unit /= 10) {
    const std::int64_t down = number - number % unit;
    const std::int64_t further = down + (number < 0 ? -unit : unit);
    for (const std::int64_t each : {down, further}) {
      if (each != 0 && digits(each) < had) numbers.push_back(each);
    }
  }
  return numbers;
}

Duration rounded_up(Duration time, Duration unit) {
  const Duration over = time % unit;
  return over.count() == 0 ? time : time - over + unit;
}

}  // namespace piccolo::sim
