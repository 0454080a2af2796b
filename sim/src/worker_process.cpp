#include "worker_process.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#if defined(__linux__)
#include <sys/prctl.h>
#endif

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "worker_signals.hpp"

namespace piccolo::sim {
namespace {

constexpr std::size_t errors_kept = std::size_t{64} * 1024;

[[noreturn]] void no_worker(const char* what) {
  throw std::system_error(errno, std::generic_category(),
                          std::string("a worker process could not be made: ") + what);
}

void wait_for_nothing(const Descriptor& descriptor) {
  const int flags = fcntl(descriptor.get(), F_GETFL);
  if (flags == -1 || fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK) == -1) no_worker("fcntl");
}

// Without the campaign's process there is nobody to stop a worker in an endless loop.
void die_with(pid_t parent) {
#if defined(__linux__)
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(0);
}

// False when there is nothing more, for now or for ever; `end` says which.
bool take(const Descriptor& from, std::string& to, bool& end) {
  std::array<char, std::size_t{32} * 1024> buffer{};
  const auto got =
      again_if_interrupted([&] { return read(from.get(), buffer.data(), buffer.size()); });
  if (got > 0) to.append(buffer.data(), static_cast<std::size_t>(got));
  end = got == 0 || (got == -1 && errno != EAGAIN && errno != EWOULDBLOCK);
  return got == static_cast<ssize_t>(buffer.size());
}

}  // namespace

WorkerProcess::WorkerProcess(const WorkerTask& task, WorkerSlot& slot,
                             const std::function<void()>& in_child) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == -1)
    no_worker("socketpair");
  socket_ = Descriptor(ends[0]);
  const Descriptor its_socket(ends[1]);
  if (pipe2(ends.data(), O_CLOEXEC) == -1) no_worker("pipe");
  errors_ = Descriptor(ends[0]);
  const Descriptor its_errors(ends[1]);
  wait_for_nothing(socket_);
  wait_for_nothing(errors_);
  static_cast<void>(std::fflush(nullptr));
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ == -1) no_worker("fork");
  if (process_ > 0) return;
  die_with(parent);
  in_child();
  be_the_worker(task, slot, its_socket, its_errors);
}

WorkerProcess::~WorkerProcess() {
  signal(SIGKILL);
  reap(0);
}

void WorkerProcess::be_the_worker(const WorkerTask& task, WorkerSlot& slot,
                                  const Descriptor& socket, const Descriptor& errors) {
  close_descriptors();
  again_if_interrupted([&] { return dup2(errors.get(), STDERR_FILENO); });
  install_worker_signals();
  worker_loop(task, slot, socket.get());
}

void WorkerProcess::close_descriptors() noexcept {
  socket_.close();
  errors_.close();
}

void WorkerProcess::send(const LeaseMessage& lease) {
  static_cast<void>(again_if_interrupted(
      [&] { return ::send(socket_.get(), &lease, sizeof lease, MSG_NOSIGNAL); }));
}

void WorkerProcess::receive_replies() {
  received_.erase(0, std::exchange(taken_, 0));
  while (!hung_up_ && take(socket_, received_, hung_up_)) {
  }
}

void WorkerProcess::receive_errors() {
  bool end = false;
  bool more = true;
  while (more) {
    more = take(errors_, written_, end);
    if (written_.size() > 2 * errors_kept) written_.erase(0, written_.size() - errors_kept);
  }
  if (end) errors_.close();
}

std::optional<WorkerProcess::Received> WorkerProcess::next_reply() {
  const std::string_view rest = std::string_view(received_).substr(taken_);
  Received reply;
  if (rest.size() < sizeof reply.header) return std::nullopt;
  std::memcpy(&reply.header, rest.data(), sizeof reply.header);
  if (rest.size() < sizeof reply.header + reply.header.bytes) return std::nullopt;
  reply.text = rest.substr(sizeof reply.header, reply.header.bytes);
  taken_ += sizeof reply.header + reply.header.bytes;
  return reply;
}

bool WorkerProcess::dead() {
  reap(WNOHANG);
  if (process_ == -1) return true;
  if (!hung_up_) return false;
  // Most likely it is about to end, and its status stays what it is. If it closed its descriptors
  // instead, nothing can be had from it any more.
  signal(SIGKILL);
  reap(0);
  return true;
}

void WorkerProcess::signal(int number) noexcept {
  if (process_ != -1) kill(process_, number);
}

void WorkerProcess::reap(int options) noexcept {
  if (process_ == -1) return;
  const pid_t ended = again_if_interrupted([&] { return waitpid(process_, &status_, options); });
  if (ended != 0) process_ = -1;
}

}  // namespace piccolo::sim
