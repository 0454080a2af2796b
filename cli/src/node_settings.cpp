#include "node_settings.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include "piccolo/sim/usage.hpp"

namespace piccolo::cli {
namespace {

// Nobody writes that much; /dev/zero is a way to get it wrong.
constexpr std::size_t file_bytes_max = std::size_t{1} << 20U;

struct FileCloser {
  void operator()(std::FILE* file) const noexcept { static_cast<void>(std::fclose(file)); }
};

// A missing file is nothing; other failures throw.
std::optional<std::string> read_file(const std::string& path) {
  const auto refuse = [&path](const std::string& why) {
    throw sim::UsageError(
        fmt::format("cannot read {}: {}; give a readable TOML file with --config", path, why));
  };
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rbe"));
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) refuse(std::generic_category().message(errno));
  std::string text;
  std::array<char, 4096> chunk{};
  while (text.size() <= file_bytes_max) {
    const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), file.get());
    if (got == 0) break;
    text.append(chunk.data(), got);
  }
  if (std::ferror(file.get()) != 0) refuse(std::generic_category().message(errno));
  if (text.size() > file_bytes_max) refuse("it has more than 1 MiB");
  return text;
}

void load_config(const NodeOptions& options, NodeSettings& settings) {
  const std::string path = options.config_file.value_or(default_config_file);
  const auto text = read_file(path);
  if (!text && options.config_file) {
    throw sim::UsageError(
        fmt::format("--config: no file {}; leave the option out to run with defaults", path));
  }
  if (!text) {
    settings.origin = fmt::format("No {} here, running with built-in defaults", path);
    return;
  }
  try {
    settings.config = parse_config(*text, path);
  } catch (const ConfigError& error) {
    throw sim::UsageError(error.what());
  }
  settings.origin = fmt::format("Configuration read from {}", path);
}

}  // namespace

std::string check_threads(const std::string& text) {
  if (sim::parse_number(text, 1, threads_max)) return {};
  return fmt::format("{} is not a number of threads; give 1..{}", text, threads_max);
}

std::string check_host(const std::string& text) {
  // A colon is an IPv6 address or a mistake; the rest is what may stand before ":port".
  const bool fits = text.find(':') != std::string::npos ? Address::parse(text).has_value()
                                                        : HostPort::parse(text + ":1").has_value();
  if (fits) return {};
  return fmt::format(
      "{} is neither an address nor a host name; give one without port and brackets, such as "
      "127.0.0.1, :: or localhost",
      text);
}

std::string check_port(const std::string& text) {
  if (sim::parse_number(text, 0, 65535)) return {};
  return fmt::format("{} is not a port; give 0..65535", text);
}

std::string check_peer(const std::string& text) {
  if (HostPort::parse(text)) return {};
  return fmt::format(
      "{} is not HOST:PORT; give a name or an address and a port 1..65535, such as "
      "127.0.0.1:19920 or [::1]:19920",
      text);
}

std::string check_log_level(const std::string& text) {
  if (parse_log_level(text)) return {};
  return fmt::format("{} is not a level; give trace, debug, info, warn, error or off", text);
}

NodeSettings load_settings(const NodeOptions& options) {
  NodeSettings settings;
  load_config(options, settings);
  DiscoveryConfig& discovery = settings.config.discovery;
  if (options.bind_host) discovery.bind_host = *options.bind_host;
  if (options.bind_port) {
    discovery.bind_port =
        static_cast<std::uint16_t>(sim::parse_number(*options.bind_port, 0, 65535).value_or(0));
  }
  if (!options.peers.empty()) discovery.hosts.clear();
  for (const std::string& peer : options.peers) discovery.hosts.push_back(*HostPort::parse(peer));
  if (options.threads)
    settings.threads = sim::parse_number(*options.threads, 1, threads_max).value_or(1);
  if (options.log_level)
    settings.log_level = parse_log_level(*options.log_level).value_or(settings.log_level);
  return settings;
}

}  // namespace piccolo::cli
