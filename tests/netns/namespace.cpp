#include "namespace.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <system_error>
#include <thread>

#include "route.hpp"

namespace piccolo::netns {
namespace {

void require(bool done, const std::string& what) {
  if (!done) throw std::system_error(errno, std::generic_category(), what);
}

void on_own_thread(const std::function<void()>& action) {
  std::exception_ptr exception;
  std::thread thread([&] {
    try {
      action();
    } catch (...) {
      exception = std::current_exception();
    }
  });
  thread.join();
  if (exception) std::rethrow_exception(exception);
}

sockaddr as_sockaddr(const Address& address) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  std::memcpy(&v4.sin_addr, address.bytes().data(), sizeof v4.sin_addr);
  sockaddr result{};
  static_assert(sizeof result == sizeof v4);
  std::memcpy(&result, &v4, sizeof v4);
  return result;
}

// What ioctl(2) wants to know of an interface; netdevice(7).
class Interface {
 public:
  explicit Interface(std::string_view name)
      : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    require(socket_.valid(), "socket");
    name.copy(request_.ifr_name, IFNAMSIZ - 1);
  }

  void set_address(const Address& address) {
    control(SIOCSIFADDR, address, "SIOCSIFADDR");
    control(SIOCSIFNETMASK, Address::v4(255, 255, 255, 0), "SIOCSIFNETMASK");
  }
  void set_address_v6(const Address& address) {
    const FileDescriptor socket(::socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    require(socket.valid(), "socket(AF_INET6)");
    require(::ioctl(socket_.get(), SIOCGIFINDEX, &request_) == 0, "SIOCGIFINDEX");
    // struct in6_ifreq of <linux/ipv6.h>, which cannot be included beside <netinet/in.h>
    struct {
      in6_addr address;
      std::uint32_t prefix;
      int interface;
    } wanted{};
    std::memcpy(&wanted.address, address.bytes().data(), sizeof wanted.address);
    wanted.prefix = 112;
    wanted.interface = request_.ifr_ifindex;
    require(::ioctl(socket.get(), SIOCSIFADDR, &wanted) == 0, "SIOCSIFADDR (IPv6)");
  }
  void set_mtu(std::uint32_t mtu) {
    request_.ifr_mtu = static_cast<int>(mtu);
    control(SIOCSIFMTU, "SIOCSIFMTU");
  }
  // Packets that wait to be read: more than any window, so that only the link drops some.
  void set_queue(int packets) {
    request_.ifr_qlen = packets;
    control(SIOCSIFTXQLEN, "SIOCSIFTXQLEN");
  }
  // SIOCADDRT of route(8): the address's /24 is behind this interface.
  void add_route(const Address& address) {
    rtentry route{};
    route.rt_dst =
        as_sockaddr(Address::v4(address.bytes()[0], address.bytes()[1], address.bytes()[2], 0));
    route.rt_genmask = as_sockaddr(Address::v4(255, 255, 255, 0));
    route.rt_flags = RTF_UP;
    route.rt_dev = request_.ifr_name;
    require(::ioctl(socket_.get(), SIOCADDRT, &route) == 0, "SIOCADDRT");
  }
  void bring_up() {
    control(SIOCGIFFLAGS, "SIOCGIFFLAGS");
    request_.ifr_flags = static_cast<short>(request_.ifr_flags | IFF_UP);
    control(SIOCSIFFLAGS, "SIOCSIFFLAGS");
  }

 private:
  void control(unsigned long what, const char* name) {
    require(::ioctl(socket_.get(), what, &request_) == 0, name);
  }
  void control(unsigned long what, const Address& address, const char* name) {
    request_.ifr_addr = as_sockaddr(address);
    control(what, name);
  }

  FileDescriptor socket_;
  ifreq request_{};
};

std::string try_out() {
  try {
    const Namespace place;
    place.inside([] { static_cast<void>(open_tun(TunOptions())); });
    return {};
  } catch (const std::system_error& error) {
    return error.what();
  }
}

}  // namespace

const std::string& why_unavailable() {
  static const std::string why = try_out();
  return why;
}

Namespace::Namespace() {
  on_own_thread([this] {
    require(::unshare(CLONE_NEWNET) == 0, "unshare(CLONE_NEWNET)");
    handle_ = FileDescriptor(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    require(handle_.valid(), "/proc/thread-self/ns/net");
    Interface("lo").bring_up();
  });
}

void Namespace::enter() const { require(::setns(handle_.get(), CLONE_NEWNET) == 0, "setns"); }

void Namespace::inside(const std::function<void()>& action) const {
  on_own_thread([&] {
    enter();
    action();
  });
}

void write_sysctl(std::string_view name, const std::string& value) {
  const std::string path = "/proc/sys/net/" + std::string(name);
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  require(file.valid(), path);
  const auto written = ::write(file.get(), value.data(), value.size());
  require(written == static_cast<ssize_t>(value.size()), path + " = " + value);
}

FileDescriptor open_tun(const TunOptions& options) {
  FileDescriptor tun(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
  require(tun.valid(), "/dev/net/tun");
  ifreq request{};
  // Without IFF_VNET_HDR the kernel cuts and sums what it sends itself: whole packets, no more
  // than the MTU each.
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  std::strncpy(request.ifr_name, "wire0", IFNAMSIZ - 1);
  require(::ioctl(tun.get(), TUNSETIFF, &request) == 0, "TUNSETIFF");
  Interface wire(request.ifr_name);
  wire.set_mtu(options.mtu);
  wire.set_queue(10'000);
  wire.set_address(options.v4);
  wire.bring_up();
  // Linux's default, which is what the simulator follows, whatever this machine's is.
  set_congestion_control(request.ifr_name, options.v4, "cubic");
  if (!options.route.is_unspecified()) wire.add_route(options.route);
  if (!options.v6.is_unspecified()) wire.set_address_v6(options.v6);
  return tun;
}

}  // namespace piccolo::netns
