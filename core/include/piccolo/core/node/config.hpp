#pragma once

// The node's configuration. Defaults are the values that the original Piccolo had built in.

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "piccolo/core/endpoint.hpp"
#include "piccolo/core/time.hpp"

namespace piccolo {

// [discovery]
struct DiscoveryConfig {
  std::vector<HostPort> hosts;          // nodes to connect to; may list this node itself
  std::string bind_host = "127.0.0.1";  // an address or a name of this machine
  std::uint16_t bind_port = 19919;      // the first port to try; once bound, the port that was got
};

// [timing]
struct TimingConfig {
  Duration retry = std::chrono::seconds(2);      // wait before connecting again, at first
  Duration retry_max = std::chrono::seconds(2);  // doubled after each failure, up to this
  std::uint32_t retry_jitter_percent = 10;       // each wait is shortened by up to this share
  Duration hold = std::chrono::seconds(5);       // how long an idle connection is kept
  Duration connect_timeout = std::chrono::seconds(5);
  Duration reply_timeout = std::chrono::seconds(5);  // for an echo to arrive, per message
  Duration idle_timeout = std::chrono::seconds(30);  // an accepted connection without traffic
};

// [limits]
struct LimitsConfig {
  std::uint32_t message_bytes = 4;       // size of one message to a peer
  std::uint32_t messages = 1;            // messages per connection
  std::uint32_t buffer_bytes = 4096;     // echo buffer per accepted connection
  std::uint32_t connections_max = 1024;  // accepted at a time; more are closed at once
};

struct NodeConfig {
  DiscoveryConfig discovery;
  TimingConfig timing;
  LimitsConfig limits;
};

// One line: "config.toml:3:9: unknown key `bindhost`; did you mean `bind_host`?"
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Reads TOML. Every key is optional; unknown keys, wrong types and values out of range are errors
// that name file, line, column and the cure. `source_name` is what messages call the text.
// Durations are strings such as "2s" or "150ms". Throws ConfigError.
NodeConfig parse_config(std::string_view text, std::string_view source_name);

// The longest that a correct node can be busy with something else before it tries a peer again,
// when every timeout and wait runs its full course. For bounds on convergence.
Duration longest_cycle(const NodeConfig& config) noexcept;

}  // namespace piccolo
