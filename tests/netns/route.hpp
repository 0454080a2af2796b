#pragma once

#include <string>
#include <string_view>

#include "piccolo/core/endpoint.hpp"

namespace piccolo::netns {

// In the calling thread's namespace: connections to the /24 of `own`, which is an address of the
// interface, are controlled by this algorithm. A namespace begins with the machine's default and
// may not choose another for itself, unless the machine allows it; but a route may. Throws
// std::system_error.
void set_congestion_control(const std::string& interface, const Address& own,
                            std::string_view algorithm);

}  // namespace piccolo::netns
