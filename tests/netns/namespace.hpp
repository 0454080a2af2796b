#pragma once

// Network namespaces: further instances of this kernel's network stack, each with its own
// interfaces, ports, connections and sysctls. A thread is in one namespace; its sockets, and the
// threads that it makes, belong to it. Making one takes CAP_SYS_ADMIN.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "file_descriptor.hpp"
#include "piccolo/core/endpoint.hpp"

namespace piccolo::netns {

using real::FileDescriptor;

// Why this machine grants no namespaces with TUN devices; empty when it does.
const std::string& why_unavailable();

class Namespace {
 public:
  // With nothing but a loopback, which is up. Throws std::system_error.
  Namespace();

  // Runs `action` on a thread of its own in the namespace and waits for it; rethrows.
  void inside(const std::function<void()>& action) const;
  // Moves the calling thread there, for good.
  void enter() const;

 private:
  FileDescriptor handle_;
};

// ---- in the calling thread's namespace; they throw std::system_error ----

// `name` is a path below /proc/sys/net: "ipv4/tcp_syn_retries".
void write_sysctl(std::string_view name, const std::string& value);

struct TunOptions {
  Address v4 = Address::v4(10, 0, 0, 1);  // a /24
  Address v6;                             // a /112; none when unspecified
  std::uint32_t mtu = 1500;
  Address route;  // its /24 is reached over this interface as well; none when unspecified
};
// An interface whose wire is the descriptor: a read takes a packet that the kernel sends, a write
// is a packet that arrives. Not blocking; may be used from any thread. The interface goes with it.
FileDescriptor open_tun(const TunOptions& options);

}  // namespace piccolo::netns
