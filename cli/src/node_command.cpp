#include "node_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <functional>
#include <memory>
#include <utility>

#include "node_settings.hpp"
#include "piccolo/core/error.hpp"
#include "piccolo/core/in_words.hpp"
#include "piccolo/core/node/node.hpp"
#include "piccolo/net_real/real_world.hpp"
#include "piccolo/sim/usage.hpp"

namespace piccolo::cli {
namespace {

using Bound = std::function<void(const Endpoint&)>;

Task<void> run_whole_node(Env& env, NodeConfig config, Bound bound, Result<void>* outcome) {
  const auto ended = co_await run_node(env, std::move(config), std::move(bound));
  *outcome = ended;
}

Task<void> serve_share(Env& env, RealWorld* world, unsigned loop, Endpoint local,
                       NodeConfig config) {
  auto listener = world->share_listener(loop, local);
  if (!listener) {
    env.log.error("Cannot share the port [{}]: {}", local.port, in_words(listener.error()));
    co_return;
  }
  co_await serve(env, std::move(*listener), std::move(config));
}

// Once loop 0 has the port, the others accept from it as well.
Bound serve_on_other_loops(RealWorld& world, const NodeConfig& config) {
  return [&world, config](const Endpoint& local) {
    for (unsigned loop = 1; loop < world.loops(); ++loop) {
      world.start(loop, [&world, config, local, loop](Env& env) {
        return serve_share(env, &world, loop, local, config);
      });
    }
  };
}

int run_node_command(const NodeOptions& options) {
  const NodeSettings settings = load_settings(options);
  const NodeConfig& config = settings.config;
  RealOptions real;
  real.threads = settings.threads;
  real.log_level = settings.log_level;
  // One signal more than it took, while the world is torn down, changes nothing any more.
  static_cast<void>(std::signal(SIGINT, SIG_IGN));
  static_cast<void>(std::signal(SIGTERM, SIG_IGN));
  RealWorld world(real);
  world.env(0).log.info("{}", settings.origin);
  Result<void> outcome;
  world.start(0, [&](Env& env) {
    return run_whole_node(env, config, serve_on_other_loops(world, config), &outcome);
  });
  world.run();
  if (outcome || is_canceled(outcome.error())) return 0;
  const DiscoveryConfig& discovery = config.discovery;
  throw sim::UsageError(fmt::format(
      "cannot bind {}, port {}: {}; give an address of this machine and a port that is free and "
      "permitted (bind_host and bind_port, or --bind-host and --bind-port)",
      discovery.bind_host, discovery.bind_port, error_name(outcome.error())));
}

}  // namespace

void add_node_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("node", "Run one node until SIGINT or SIGTERM");
  const auto options = std::make_shared<NodeOptions>();
  const auto add = [&](const char* names, auto& value, const char* what, const char* type) {
    return command->add_option(names, value, what)->type_name(type);
  };
  add("-c,--config", options->config_file, "Configuration to read; must exist when given", "FILE")
      ->default_str(default_config_file);
  add("-t,--threads", options->threads, "Threads, each with a loop that accepts, 1..256", "N")
      ->default_str("1")
      ->check(check_threads, "");
  add("--bind-host", options->bind_host, "Address or name to listen on; goes before the file",
      "HOST")
      ->default_str("127.0.0.1")
      ->check(check_host, "");
  add("--bind-port", options->bind_port,
      "First port to try, 0 for any free one; goes before the file", "PORT")
      ->default_str("19919")
      ->check(check_port, "");
  add("--peer", options->peers, "A node to connect to, repeatable; replaces the file's hosts",
      "HOST:PORT")
      ->default_str("none")
      ->allow_extra_args(false)
      ->check(check_peer, "");
  add("--log-level", options->log_level, "trace, debug, info, warn, error or off", "LEVEL")
      ->default_str("debug")
      ->check(check_log_level, "");
  command->set_help_flag("-h,--help", "Print this help");
  command->callback([options, &exit_code] { exit_code = run_node_command(*options); });
}

}  // namespace piccolo::cli
