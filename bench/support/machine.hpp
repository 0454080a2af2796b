#pragma once

// What else the machine does: figures from a shared machine mean little without it.

namespace piccolo::bench {

// CPU seconds since some moment in the past.
struct CpuUse {
  double wall = 0;       // real time
  double own = 0;        // of all threads of this process
  double everybody = 0;  // of the whole machine; in steps of 10 ms

  CpuUse operator-(const CpuUse& earlier) const noexcept;
  // Cores that others kept busy, on average. Not below 0.
  double others() const noexcept;
};

CpuUse cpu_use();

// Programs that run or want to, as an average of the last minute.
double load();

}  // namespace piccolo::bench
