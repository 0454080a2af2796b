#include "machine.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>

namespace piccolo::bench {
namespace {

double seconds(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

// proc(5): user, nice, system, idle, iowait, irq, softirq, steal; of these, idle and iowait are
// idle.
double busy_ticks() {
  std::ifstream stat("/proc/stat");
  std::string name;
  stat >> name;
  double busy = 0;
  for (int column = 0; column < 8; ++column) {
    double ticks = 0;
    stat >> ticks;
    if (column != 3 && column != 4) busy += ticks;
  }
  return busy;
}

}  // namespace

CpuUse CpuUse::operator-(const CpuUse& earlier) const noexcept {
  return CpuUse{wall - earlier.wall, own - earlier.own, everybody - earlier.everybody};
}

double CpuUse::others() const noexcept { return std::max(0.0, (everybody - own) / wall); }

CpuUse cpu_use() {
  rusage own{};
  getrusage(RUSAGE_SELF, &own);
  CpuUse use;
  use.wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  use.own = seconds(own.ru_utime) + seconds(own.ru_stime);
  use.everybody = busy_ticks() / static_cast<double>(sysconf(_SC_CLK_TCK));
  return use;
}

double load() {
  double minute = 0;
  return getloadavg(&minute, 1) == 1 ? minute : 0;
}

}  // namespace piccolo::bench
