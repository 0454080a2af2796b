#pragma once

// What `piccolo node` was told, by options and by the configuration file.

#include <optional>
#include <string>
#include <vector>

#include "piccolo/core/logger.hpp"
#include "piccolo/core/node/config.hpp"

namespace piccolo::cli {

// As typed; checked already.
struct NodeOptions {
  std::optional<std::string> config_file;
  std::optional<std::string> threads;
  std::optional<std::string> bind_host;
  std::optional<std::string> bind_port;
  std::vector<std::string> peers;
  std::optional<std::string> log_level;
};

struct NodeSettings {
  NodeConfig config;
  std::string origin;  // where the configuration came from, for the log
  unsigned threads = 1;
  LogLevel log_level = LogLevel::debug;
};

inline constexpr const char* default_config_file = "config.toml";
inline constexpr unsigned threads_max = 256;

// What is wrong with a value, and the cure; empty when it is right.
std::string check_threads(const std::string& text);
std::string check_host(const std::string& text);
std::string check_port(const std::string& text);
std::string check_peer(const std::string& text);
std::string check_log_level(const std::string& text);

// Options go before the file, the file before the defaults. Throws UsageError.
NodeSettings load_settings(const NodeOptions& options);

}  // namespace piccolo::cli
