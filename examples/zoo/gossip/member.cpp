#include "gossip/member.hpp"

#include <array>
#include <optional>

#include "piccolo/core/error.hpp"
#include "piccolo/core/mailbox.hpp"
#include "piccolo/core/scope.hpp"

namespace piccolo::zoo {
namespace {

using std::chrono::milliseconds;

constexpr Duration period = milliseconds(500);
constexpr Duration suspicion = milliseconds(2000);
constexpr Duration bind_pause = milliseconds(200);
constexpr std::int64_t unanswered_max = 3;
constexpr std::size_t letters_max = 64;  // that wait to leave; more are dropped, as any may be

enum class Kind : std::uint8_t { ping, ack };

struct Message {
  Kind kind = Kind::ping;
  std::uint32_t number = 0;  // of the ping
  std::uint32_t sender = 0;
  std::vector<Belief> beliefs;
};

struct Letter {
  Letter() = default;
  Letter(std::vector<std::byte> what, const Endpoint& where) : bytes(std::move(what)), to(where) {}
  std::vector<std::byte> bytes;
  Endpoint to;
};

void put(std::vector<std::byte>& bytes, std::uint32_t number) {
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes.push_back(static_cast<std::byte>(number >> shift));
  }
}

std::uint32_t take(std::span<const std::byte>& bytes) {
  std::uint32_t number = 0;
  for (const std::byte byte : bytes.first(4))
    number = number << 8U | static_cast<std::uint32_t>(byte);
  bytes = bytes.subspan(4);
  return number;
}

// The kind, the number and the sender, and of each member incarnation and health, 4 bytes each.
std::vector<std::byte> encode(const Message& message) {
  std::vector<std::byte> bytes;
  put(bytes, static_cast<std::uint32_t>(message.kind));
  put(bytes, message.number);
  put(bytes, message.sender);
  for (const Belief& belief : message.beliefs) {
    put(bytes, belief.incarnation);
    put(bytes, static_cast<std::uint32_t>(belief.health));
  }
  return bytes;
}

std::optional<Message> decode(std::span<const std::byte> bytes, std::size_t members) {
  if (bytes.size() != 12 + 8 * members) return std::nullopt;
  Message message;
  message.kind = static_cast<Kind>(take(bytes));
  message.number = take(bytes);
  message.sender = take(bytes);
  while (!bytes.empty()) {
    Belief belief;
    belief.incarnation = take(bytes);
    belief.health = static_cast<Health>(take(bytes));
    message.beliefs.push_back(belief);
  }
  return message;
}

// A member without its sockets: what it believes, and what it makes of what it hears.
class Member {
 public:
  Member(Env& env, Group group, Beliefs& told)
      : env_(env), group_(std::move(group)), told_(told), peers_(group_.members.size()) {
    // Acknowledgements of an earlier life may still be under way: they must fit no ping of this
    // one.
    Draws draws = env.random.stream("first ping");
    for (Peer& peer : peers_) {
      peer.pings = static_cast<std::uint32_t>(draws.below(std::uint64_t{1} << 31U));
      peer.acknowledged = peer.pings;
    }
  }

  Mailbox<Letter>& outbox() noexcept { return outbox_; }
  const Endpoint& endpoint() const { return group_.members[group_.self]; }

  // Judges all others, then pings them: the dead as well, who may be back.
  void begin_period() {
    for (std::size_t other = 0; other < peers_.size(); ++other) {
      if (other == group_.self) continue;
      judge(other);
      Peer& peer = peers_[other];
      ++peer.unanswered;
      send(Kind::ping, ++peer.pings, other);
      told_.pinged(group_.self, other);
    }
  }

  void hear(const Message& message) {
    if (message.sender >= peers_.size() || message.sender == group_.self) return;
    for (std::size_t about = 0; about < peers_.size(); ++about) {
      hear_of(about, message.beliefs[about]);
    }
    if (message.kind == Kind::ack) {
      acknowledged(peers_[message.sender], message.number);
    } else {
      send(Kind::ack, message.number, message.sender);
    }
  }

 private:
  struct Peer {
    Belief belief;
    TimePoint suspected_at;
    std::uint32_t pings = 0;
    std::uint32_t acknowledged = 0;  // the latest of them that was
    std::int64_t unanswered = 0;
  };

  void send(Kind kind, std::uint32_t number, std::size_t to) {
    Message message{kind, number, static_cast<std::uint32_t>(group_.self), {}};
    for (const Peer& peer : peers_) message.beliefs.push_back(peer.belief);
    outbox_.try_send(Letter(encode(message), group_.members[to]));
  }

  void judge(std::size_t other) {
    Peer& peer = peers_[other];
    Belief belief = peer.belief;
    const bool silent = peer.unanswered >= unanswered_max;
    if (belief.health == Health::alive && silent) {
      belief.health = Health::suspect;
    } else if (belief.health == Health::suspect &&
               env_.clock.now() >= saturating_add(peer.suspected_at, suspicion)) {
      belief.health = Health::dead;
    }
    if (belief != peer.belief) believe(other, belief);
  }

  void acknowledged(Peer& peer, std::uint32_t ping) {
    // Here it is: the network may deliver an acknowledgement late, or twice.
    if (group_.mistake == GossipMistake::any_ack) {
      --peer.unanswered;
      return;
    }
    if (ping <= peer.acknowledged || ping > peer.pings) return;
    peer.acknowledged = ping;
    peer.unanswered = static_cast<std::int64_t>(peer.pings) - peer.acknowledged;
  }

  bool newer(const Belief& rumour, const Belief& known) const {
    // Here it is: a death counts, whatever the incarnation that died and the one that lives.
    const bool life_and_death = (rumour.health == Health::dead) != (known.health == Health::dead);
    if (group_.mistake == GossipMistake::stale_incarnation && life_and_death) {
      return rumour.health == Health::dead;
    }
    return rumour > known;
  }

  void hear_of(std::size_t about, const Belief& rumour) {
    if (about == group_.self) return hear_of_myself(rumour);
    Peer& peer = peers_[about];
    if (!newer(rumour, peer.belief)) return;
    if (rumour.incarnation > peer.belief.incarnation) {
      // It lives, or did: what it owes is forgiven.
      peer.acknowledged = peer.pings;
      peer.unanswered = 0;
    }
    believe(about, rumour);
  }

  void hear_of_myself(const Belief& rumour) {
    Belief& mine = peers_[group_.self].belief;
    if (rumour.health == Health::alive || rumour.incarnation < mine.incarnation) return;
    // Here it is: what is not denied will be believed.
    if (group_.mistake == GossipMistake::no_refutation) return;
    env_.probes.sometimes("a member denies its death");
    believe(group_.self, Belief{rumour.incarnation + 1, Health::alive});
  }

  void believe(std::size_t about, const Belief& belief) {
    Peer& peer = peers_[about];
    if (belief.health == Health::suspect) peer.suspected_at = env_.clock.now();
    peer.belief = belief;
    told_.believes(group_.self, about, belief);
  }

  Env& env_;
  Group group_;
  Beliefs& told_;
  std::vector<Peer> peers_;
  Mailbox<Letter> outbox_{letters_max};
};

Task<void> ping_for_ever(Env& env, Member& member) {
  for (;;) {
    member.begin_period();
    const auto slept = co_await env.clock.sleep_for(period);
    if (!slept) co_return;
  }
}

Task<void> send_letters(Member& member, DatagramSocket& socket) {
  for (;;) {
    const auto letter = co_await member.outbox().receive();
    if (!letter) co_return;
    // What cannot leave is lost, as on the way.
    const auto sent = co_await socket.send_to(letter->bytes, letter->to);
    if (!sent && is_canceled(sent.error())) co_return;
  }
}

Task<void> hear_for_ever(Member& member, DatagramSocket& socket, std::size_t members) {
  std::array<std::byte, 1024> buffer{};
  for (;;) {
    const auto got = co_await socket.receive_from(buffer);
    if (!got) co_return;
    const auto message = decode(std::span(buffer).first(got->bytes), members);
    if (message) member.hear(*message);
  }
}

// Should there be no descriptor left, or the port not be free yet.
Task<Result<DatagramSocket>> bind_at_last(Env& env, Endpoint at) {
  for (;;) {
    auto socket = env.network.bind_datagram(at);
    if (socket) co_return std::move(socket);
    const auto slept = co_await env.clock.sleep_for(bind_pause);
    if (!slept) co_return failure(slept.error());
  }
}

}  // namespace

Task<void> run_member(Env& env, Group group, Beliefs& told) {
  const std::size_t members = group.members.size();
  Member member(env, std::move(group), told);
  const Endpoint at = member.endpoint();
  auto socket = co_await bind_at_last(env, at);
  if (!socket) co_return;
  Scope tasks(env.executor);
  tasks.spawn(ping_for_ever(env, member));
  tasks.spawn(send_letters(member, *socket));
  tasks.spawn(hear_for_ever(member, *socket, members));
  co_await tasks.join();
}

}  // namespace piccolo::zoo
