#include "worker_board.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace piccolo::sim {

WorkerBoard::WorkerBoard(std::size_t workers)
    : bytes_(workers * sizeof(WorkerSlot)),
      memory_(mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {
  if (memory_ == MAP_FAILED) {
    throw std::system_error(errno, std::generic_category(), "no memory to share with workers");
  }
  auto* const slots = static_cast<WorkerSlot*>(memory_);
  std::uninitialized_default_construct_n(slots, workers);
  slots_ = {slots, workers};
}

WorkerBoard::~WorkerBoard() { munmap(memory_, bytes_); }

}  // namespace piccolo::sim
