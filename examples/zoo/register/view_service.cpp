#include "register/view_service.hpp"

#include <utility>
#include <vector>

#include "piccolo/core/scope.hpp"

namespace piccolo::zoo {
namespace {

// Three pings, and a slow network's time.
constexpr Duration silence_most = 4 * ping_interval;

class Views {
 public:
  Views(Env& env, std::uint64_t servers, ViewDisk* disk)
      // A service that was down has heard nobody, which is nobody's fault.
      : env_(env), disk_(*disk), heard_(servers + 1, env.clock.now()) {}

  Message pinged(const Message& request) {
    const std::uint64_t server = request.words[0];
    heard_[server] = env_.clock.now();
    const bool is_primary = server == disk_.view.primary;
    if (is_primary && request.words[1] == disk_.view.number) disk_.ready = true;
    return Message(view, disk_.view.number, disk_.view.primary, disk_.view.backup);
  }

  void revise() {
    const View now = disk_.view;
    if (now.primary == nobody) {
      if (const auto first = spare(now); first != nobody) follow(first, nobody);
    } else if (!disk_.ready) {
      return;
    } else if (!alive(now.primary) && now.backup != nobody && alive(now.backup)) {
      env_.probes.sometimes("a backup takes over");
      follow(now.backup, spare(now));
    } else if (now.backup == nobody || !alive(now.backup)) {
      const std::uint64_t next = spare(now);
      if (next != now.backup) follow(now.primary, next);
    }
  }

 private:
  bool alive(std::uint64_t server) const {
    return env_.clock.now() < saturating_add(heard_[server], silence_most);
  }

  std::uint64_t spare(const View& besides) const {
    for (std::uint64_t server = 1; server < heard_.size(); ++server) {
      if (server != besides.primary && server != besides.backup && alive(server)) return server;
    }
    return nobody;
  }

  void follow(std::uint64_t primary, std::uint64_t backup) {
    disk_.view = View{disk_.view.number + 1, primary, backup};
    disk_.ready = false;
    env_.log.info("View [{}]: primary [{}], backup [{}]", disk_.view.number, primary, backup);
  }

  Env& env_;
  ViewDisk& disk_;
  std::vector<TimePoint> heard_;  // by server
};

Task<std::optional<Message>> answer(Views* views, Message request) {
  co_return views->pinged(request);
}

}  // namespace

Task<void> view_service(Env& env, Endpoint at, std::uint64_t servers, ViewDisk* disk) {
  Views views(env, servers, disk);
  Service service = [&views](Message request) { return answer(&views, request); };
  Scope serving(env.executor);
  serving.spawn(serve(env, at, std::move(service)));
  for (;;) {
    const auto slept = co_await env.clock.sleep_for(ping_interval);
    if (!slept) break;
    views.revise();
  }
  co_await serving.join();
}

}  // namespace piccolo::zoo
