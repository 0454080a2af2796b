#pragma once

// The specimens of the echo protocol, one file each.

#include "zoo.hpp"

namespace piccolo::zoo {

Specimen lost_wakeup();
Specimen double_delivery();
Specimen unbounded_queue();
Specimen full_buffers();
Specimen stream_leak();
Specimen half_open();
Specimen wall_clock();
Specimen short_reads();
Specimen short_writes();

}  // namespace piccolo::zoo
