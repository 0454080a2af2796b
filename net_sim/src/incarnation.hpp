#pragma once

// One life of a process, from start to exit or death: its environment, its sockets, its frames.

#include "piccolo/core/env.hpp"
#include "piccolo/core/scope.hpp"
#include "world_impl.hpp"

namespace piccolo {

// A process's clock shows its host's time, and its timers are in that time. They wait in a queue of
// their own, of which the first has an alarm in the world's: so when the host's clock changes its
// rate, or the process is paused, one alarm is set anew.
class SimClock final : public Clock, private Event {
 public:
  // `draws` is the key of the draws that order simultaneous timers.
  SimClock(World::Impl& world, Host& host, std::uint64_t draws) noexcept
      : world_(world), host_(host), draws_(draws) {}
  ~SimClock() { world_.queue.forget(*this); }
  SimClock(const SimClock&) = delete;
  SimClock& operator=(const SimClock&) = delete;

  TimePoint now() const noexcept override { return host_.clock.local(world_.now); }
  WallTime wall_now() const noexcept override;
  void arm(Timer& timer, TimePoint at) override;
  void disarm(Timer& timer) noexcept override;

  void reseed(std::uint64_t draws) noexcept { draws_ = draws; }
  // After the host's clock has changed its rate.
  void set_alarm() noexcept;
  // No timer fires until the clock is resumed; then what was due comes in its order. True when
  // something was.
  void stop() noexcept;
  bool resume();

 private:
  void fire() noexcept override;

  World::Impl& world_;
  Host& host_;
  std::uint64_t draws_;
  std::uint64_t times_armed_ = 0;
  TimerQueue armed_;  // by local time
  bool stopped_ = false;
};

class SimLogger final : public Logger {
 public:
  SimLogger(World::Impl& world, ProcessId process) noexcept;

 private:
  void write(LogLevel level, std::string_view text) override;
  World::Impl& world_;
  ProcessId process_;
};

// The probes of a process. Where and when they fire depends on the seed, the site and how often the
// process came by, on nothing else.
class SimProbes final : public ProbeBackend {
 public:
  // `draws` is the key of the firing; which sites are on is the whole world's to decide.
  SimProbes(World::Impl& world, ProcessId process, std::uint64_t draws) noexcept
      : world_(world), process_(process), draws_(draws) {}

  void reseed(std::uint64_t draws) noexcept { draws_ = draws; }
  bool fires(std::string_view site, std::uint32_t ppm) noexcept override;
  void reached(std::string_view name) noexcept override;

 private:
  World::Impl& world_;
  ProcessId process_;
  std::uint64_t draws_;
  std::map<std::string, std::uint64_t, std::less<>> passed_;  // how often, by site
};

class SimNetwork final : public Network {
 public:
  // `draws` is the key of the draws of ports, and of the ids of connections and sockets.
  SimNetwork(World::Impl& world, Incarnation& holder, std::uint64_t draws) noexcept
      : world_(world), holder_(holder), draws_(draws) {}

  void reseed(std::uint64_t draws) noexcept { draws_ = draws; }
  Result<Listener> listen(const Endpoint& local, const ListenOptions& options) override;
  Result<DatagramSocket> bind_datagram(const Endpoint& local,
                                       const DatagramOptions& options) override;
  Result<std::vector<Address>> local_addresses() override;
  void start_connect(ConnectOperation& operation) override;
  void forget_connect(ConnectOperation& operation) noexcept override;
  void start_resolve(ResolveOperation& operation) override;
  void forget_resolve(ResolveOperation& operation) noexcept override;

 private:
  Result<Endpoint> local_for(const Endpoint& remote, std::uint64_t random) const;
  World::Impl& world_;
  Incarnation& holder_;
  std::uint64_t draws_;
  std::uint64_t connects_ = 0;
  std::uint64_t binds_ = 0;
  std::uint64_t datagrams_ = 0;
};

class SimListener final : public ListenerBackend {
 public:
  SimListener(World::Impl& world, Host& host, Incarnation& holder, const Endpoint& local,
              int backlog);
  ~SimListener();

  void start_accept() override;
  Endpoint local_endpoint() const noexcept override { return local_; }
  void release() noexcept override;

  // Linux compares with `>`: one connection more than the backlog fits.
  bool full() const noexcept { return waiting_.size() > backlog_; }
  void completed(TcpEnd& end);  // its handshake is over
  void serve_accept();          // its process runs again
  void forget_half_open(TcpEnd& end) noexcept;
  void add_half_open(TcpEnd& end) { half_open_.push_back(&end); }
  void close(bool silently) noexcept;
  const Endpoint& bound() const noexcept { return local_; }
  Incarnation& holder() const noexcept { return holder_; }

  std::size_t holder_slot = static_cast<std::size_t>(-1);

 private:
  World::Impl& world_;
  Host& host_;
  Incarnation& holder_;
  Endpoint local_;
  std::size_t backlog_;
  std::deque<TcpEnd*, block_pool::Allocator<TcpEnd*>> waiting_;
  std::vector<TcpEnd*> half_open_;
  bool closed_ = false;
};

struct Incarnation final : RunnableHook {
  Incarnation(World::Impl& in, Process& of, Host& on);
  ~Incarnation();

  void became_runnable(Executor& executor) noexcept override;
  void run();
  void ask_to_stop() noexcept;
  void reseed();

  // ---- faults ----
  // True when the process is paused: what was about to reach it has to wait for `resume`.
  bool holds_back() noexcept;
  void resume();
  bool lacks_descriptor() noexcept;

  std::size_t open_sockets() const noexcept {
    return ends.size() + listeners.size() + datagram_sockets.size();
  }

  World::Impl& world;
  Process& process;
  Host& host;
  SlotList<TcpEnd, &TcpEnd::holder_slot> ends;
  SlotList<SimListener, &SimListener::holder_slot> listeners;
  SlotList<SimDatagram, &SimDatagram::holder_slot> datagram_sockets;
  Random random;
  SimClock clock;
  SimNetwork network;
  SimLogger log;
  SimProbes probes;
  Executor executor;
  Env env;
  Program program;              // kept: a program may be a coroutine of a function object
  bool sockets_closed = false;  // by the kernel: the process is as good as dead
  bool paused = false;
  bool stop_asked = false;  // while it was paused
  bool no_descriptors = false;
  std::vector<TcpEnd*> settled;  // connects whose outcome came while it was paused
  std::optional<Scope> root;
};

}  // namespace piccolo
