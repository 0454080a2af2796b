#include "register/quorum_register.hpp"

#include <algorithm>
#include <utility>

#include "piccolo/core/scope.hpp"
#include "rpc.hpp"

namespace piccolo::zoo {
namespace {

using std::chrono::milliseconds;

constexpr Duration patience = milliseconds(700);
constexpr Duration slowness = milliseconds(400);  // an answer still comes in time

enum ReplicaMessage : std::uint64_t {
  query = servers_own,  // key; answered by `known`
  store,                // key, counter, value; answered by `known`
  known,                // counter, value
};

Version version_in(const Message& message, std::size_t at) {
  return Version{message.words[at], message.words[at + 1]};
}

Message store_of(std::uint64_t key, const Version& version) {
  return Message(store, key, version.counter, version.value);
}

Version carry_out(const ReplicaConfig& me, const Message& request) {
  Version& here = me.disk->versions[request.words[0]];
  if (request.kind == store) here = std::max(here, version_in(request, 1));
  return here;
}

struct Votes {
  std::vector<Version> versions;
  std::size_t majority = 0;
  Scope* asking = nullptr;

  void add(const Version& version) {
    versions.push_back(version);
    if (versions.size() >= majority) asking->cancel();
  }
};

Task<void> ask(Env& env, Endpoint replica, Message request, Votes* votes) {
  const auto reply = co_await call(env, replica, patience, request);
  if (reply && reply->kind == known) votes->add(version_in(*reply, 0));
}

// What a majority answers, this replica included, or nothing: then some replicas may have carried
// it out, or may yet.
Task<std::vector<Version>> ask_majority(Env& env, const ReplicaConfig* me, Message request) {
  Votes votes;
  Scope asking(env.executor);
  votes.majority = me->replicas.size() / 2 + 1;
  votes.asking = &asking;
  votes.add(carry_out(*me, request));
  for (std::size_t other = 0; other < me->replicas.size(); ++other) {
    if (other != me->self) asking.spawn(ask(env, me->replicas[other], request, &votes));
  }
  co_await asking.join();
  if (votes.versions.size() < votes.majority) votes.versions.clear();
  co_return std::move(votes.versions);
}

Task<std::optional<Message>> read(Env& env, const ReplicaConfig* me, std::uint64_t key) {
  if (me->mistake == QuorumMistake::reads_one) {
    co_return Message(done, me->disk->versions[key].value);
  }
  const auto known_there = co_await ask_majority(env, me, Message(query, key));
  if (known_there.empty()) co_return std::nullopt;
  const Version newest = std::ranges::max(known_there);
  const bool agreed = newest == std::ranges::min(known_there);
  if (!agreed) env.probes.sometimes("a read finds replicas that differ");
  if (!agreed && me->mistake != QuorumMistake::no_write_back) {
    const Message write_back = store_of(key, newest);
    const auto stored = co_await ask_majority(env, me, write_back);
    if (stored.empty()) co_return std::nullopt;
  }
  co_return Message(done, newest.value);
}

Task<std::optional<Message>> write(Env& env, const ReplicaConfig* me, Message request) {
  const std::uint64_t key = request.words[0];
  const auto known_there = co_await ask_majority(env, me, Message(query, key));
  if (known_there.empty()) co_return std::nullopt;
  const std::uint64_t newer = std::ranges::max(known_there).counter + 1;
  const auto stored = co_await ask_majority(env, me, Message(store, key, newer, request.words[1]));
  if (stored.empty()) co_return std::nullopt;
  co_return Message(done);
}

Task<std::optional<Message>> carry_out_slowly(Env& env, const ReplicaConfig* me, Message request) {
  if (request.kind == store && env.probes.buggify("a replica stores slowly")) {
    const auto slept = co_await env.clock.sleep_for(slowness);
    if (!slept) co_return std::nullopt;
  }
  const Version here = carry_out(*me, request);
  co_return Message(known, here.counter, here.value);
}

Task<std::optional<Message>> answer(Env& env, const ReplicaConfig* me, Message request) {
  if (request.kind == get) return read(env, me, request.words[0]);
  if (request.kind == put) return write(env, me, request);
  return carry_out_slowly(env, me, request);
}

}  // namespace

Task<void> quorum_replica(Env& env, ReplicaConfig config) {
  Service service = [&env, &config](Message request) { return answer(env, &config, request); };
  const Endpoint here = config.replicas[config.self];
  co_await serve(env, here, std::move(service));
}

}  // namespace piccolo::zoo
