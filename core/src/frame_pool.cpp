#include "piccolo/core/frame_pool.hpp"

namespace piccolo {

constinit thread_local std::int64_t frame_pool::detail::live = 0;

}  // namespace piccolo
