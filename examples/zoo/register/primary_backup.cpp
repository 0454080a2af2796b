#include "register/primary_backup.hpp"

#include <utility>

#include "piccolo/core/scope.hpp"
#include "rpc.hpp"

namespace piccolo::zoo {
namespace {

using std::chrono::milliseconds;

constexpr Duration patience = milliseconds(700);

enum ServerMessage : std::uint64_t {
  copy = views_own,  // number of the view, version, the values
  copied,
};

struct Server {
  explicit Server(ServerConfig from) : config(std::move(from)), disk(*config.disk) {}

  bool serves() const { return disk.view.primary == config.self && ready == disk.view.number; }

  Message copy_of_all() const {
    Message message(copy, disk.view.number, disk.version);
    for (std::uint64_t key = 0; key < map_keys; ++key) message.words[2 + key] = disk.values[key];
    return message;
  }

  ServerConfig config;
  ServerDisk& disk;
  std::uint64_t ready = 0;  // the view whose backup has had all since this server was started
};

// The backup's part. Copies overtake each other: one that is older than what is here is no news.
Message take_copy(ServerDisk& disk, const Message& from) {
  const std::uint64_t number = from.words[0];
  if (number < disk.view.number) return Message(refused);
  if (number > disk.view.number) disk.view = View{number, nobody, nobody};
  if (number == disk.copied_in && from.words[1] <= disk.version) return Message(copied);
  disk.copied_in = number;
  disk.version = from.words[1];
  for (std::uint64_t key = 0; key < map_keys; ++key) disk.values[key] = from.words[2 + key];
  return Message(copied);
}

// Has the backup of the present view all that is here now? If not, it may still come to have it.
Task<bool> replicate(Env& env, const Server* server) {
  const std::uint64_t backup = server->disk.view.backup;
  if (backup == nobody) co_return true;
  const Endpoint to = server->config.servers[backup - 1];
  const auto reply = co_await call(env, to, patience, server->copy_of_all());
  if (reply && reply->kind == refused) env.probes.sometimes("a primary learns that it was deposed");
  co_return reply && reply->kind == copied;
}

// May the client have its answer?
Task<bool> confirmed(Env& env, const Server* server, bool is_read) {
  const PrimaryMistake mistake = server->config.mistake;
  if (mistake == PrimaryMistake::answers_early) co_return true;
  if (mistake == PrimaryMistake::reads_alone && is_read) co_return true;
  const bool replicated = co_await replicate(env, server);
  co_return replicated || mistake == PrimaryMistake::goes_on_alone;
}

Task<std::optional<Message>> answer_client(Env& env, Server* server, Message request) {
  if (!server->serves()) co_return Message(refused);
  const bool is_read = request.kind == get;
  std::uint64_t& here = server->disk.values[request.words[0]];
  if (!is_read) {
    here = request.words[1];
    ++server->disk.version;
  }
  const std::uint64_t value = here;
  const bool good = co_await confirmed(env, server, is_read);
  if (!good) co_return std::nullopt;
  co_return Message(done, value);
}

Task<std::optional<Message>> answer_primary(Server* server, Message request) {
  co_return take_copy(server->disk, request);
}

Task<std::optional<Message>> answer(Env& env, Server* server, Message request) {
  if (request.kind == copy) return answer_primary(server, request);
  return answer_client(env, server, request);
}

void adopt(Server& server, const Message& told) {
  if (told.words[0] < server.disk.view.number) return;
  server.disk.view = View{told.words[0], told.words[1], told.words[2]};
}

// Hears of new views, and as the primary keeps the backup up to date: all of it before it serves in
// a view, and later what a call could not bring there.
Task<void> attend(Env& env, Server* server) {
  for (;;) {
    const Message request(ping, server->config.self, server->ready);
    const auto told = co_await call(env, server->config.views, patience, request);
    if (told && told->kind == view) adopt(*server, *told);
    if (server->disk.view.primary == server->config.self) {
      const std::uint64_t number = server->disk.view.number;
      const bool replicated = co_await replicate(env, server);
      if (replicated && server->disk.view.number == number) server->ready = number;
    }
    const auto slept = co_await env.clock.sleep_for(ping_interval);
    if (!slept) co_return;
  }
}

}  // namespace

Task<void> map_server(Env& env, ServerConfig config) {
  Server server(std::move(config));
  const Endpoint here = server.config.servers[server.config.self - 1];
  Service service = [&env, &server](Message request) { return answer(env, &server, request); };
  Scope parts(env.executor);
  parts.spawn(serve(env, here, std::move(service)));
  parts.spawn(attend(env, &server));
  co_await parts.join();
}

}  // namespace piccolo::zoo
