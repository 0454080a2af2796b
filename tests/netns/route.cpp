#include "route.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <system_error>
#include <vector>

#include "file_descriptor.hpp"

namespace piccolo::netns {
namespace {

using real::FileDescriptor;

[[noreturn]] void fail(int number, const char* what) {
  throw std::system_error(number, std::generic_category(), what);
}

// rtnetlink(7): a header, and attributes, all of them padded to four bytes.
class Message {
 public:
  template <class T>
  void add(const T& part) {
    append(std::as_bytes(std::span(&part, 1)));
  }
  void add_attribute(std::uint16_t type, std::span<const std::byte> value) {
    add(rtattr{static_cast<std::uint16_t>(sizeof(rtattr) + value.size()), type});
    append(value);
  }
  std::span<const std::byte> bytes() const { return bytes_; }
  // The length goes to the front, where the kernel looks for it.
  void finish() {
    const auto length = static_cast<std::uint32_t>(bytes_.size());
    std::memcpy(bytes_.data(), &length, sizeof length);
  }

 private:
  void append(std::span<const std::byte> part) {
    bytes_.insert(bytes_.end(), part.begin(), part.end());
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
  }
  std::vector<std::byte> bytes_;
};

constexpr unsigned char prefix_bits = 24;

Message route_request(unsigned interface, const Address& own, std::string_view algorithm) {
  std::array<std::byte, 4> source{};
  std::memcpy(source.data(), own.bytes().data(), source.size());
  std::array<std::byte, 4> network = source;
  network[3] = std::byte{0};
  Message metrics;
  // With the zero at its end.
  std::vector<std::byte> name(algorithm.size() + 1);
  std::memcpy(name.data(), algorithm.data(), algorithm.size());
  metrics.add_attribute(RTAX_CC_ALGO, name);

  Message request;
  nlmsghdr header{};
  header.nlmsg_type = RTM_NEWROUTE;
  header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  request.add(header);
  rtmsg route{};
  route.rtm_family = AF_INET;
  route.rtm_dst_len = prefix_bits;
  route.rtm_table = RT_TABLE_MAIN;
  route.rtm_protocol = RTPROT_KERNEL;
  route.rtm_scope = RT_SCOPE_LINK;
  route.rtm_type = RTN_UNICAST;
  request.add(route);
  request.add_attribute(RTA_DST, network);
  request.add_attribute(RTA_PREFSRC, source);
  request.add_attribute(RTA_OIF, std::as_bytes(std::span(&interface, 1)));
  request.add_attribute(RTA_METRICS, metrics.bytes());
  request.finish();
  return request;
}

}  // namespace

void set_congestion_control(const std::string& interface, const Address& own,
                            std::string_view algorithm) {
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0) fail(errno, "if_nametoindex");
  const Message request = route_request(index, own, algorithm);
  const FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket.valid()) fail(errno, "socket(AF_NETLINK)");
  if (::send(socket.get(), request.bytes().data(), request.bytes().size(), 0) < 0) {
    fail(errno, "RTM_NEWROUTE");
  }
  struct {
    nlmsghdr header;
    nlmsgerr error;
    std::array<std::byte, 1024> rest;
  } answer{};
  if (::recv(socket.get(), &answer, sizeof answer, 0) < 0) fail(errno, "RTM_NEWROUTE's answer");
  if (answer.error.error != 0) fail(-answer.error.error, "RTM_NEWROUTE with RTAX_CC_ALGO");
}

}  // namespace piccolo::netns
