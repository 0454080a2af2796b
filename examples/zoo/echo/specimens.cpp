#include "echo/specimens.hpp"

namespace piccolo::zoo {

std::vector<Specimen> echo_specimens() {
  return {lost_wakeup(), double_delivery(), unbounded_queue(), full_buffers(), stream_leak(),
          half_open(),   wall_clock(),      short_reads(),     short_writes()};
}

}  // namespace piccolo::zoo
