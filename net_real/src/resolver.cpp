#include "resolver.hpp"

#include <netdb.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <csignal>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "socket_address.hpp"

namespace piccolo::real {
namespace {

using Endpoints = std::vector<Endpoint>;

constexpr unsigned threads_max = 8;

std::error_code lookup_error(int code) noexcept {
  switch (code) {
    case EAI_AGAIN:
      return make_error_code(Errc::resolve_again);
    case EAI_SYSTEM:
      return system_error(errno);
    case EAI_MEMORY:
      return std::make_error_code(std::errc::not_enough_memory);
    default:  // EAI_NONAME, EAI_NODATA, EAI_ADDRFAMILY, EAI_FAIL: asking again will not help
      return make_error_code(Errc::host_not_found);
  }
}

// Blocks. In the order of RFC 6724, which the C library knows; each address once.
Result<Endpoints> look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found); code != 0) {
    return failure(lookup_error(code));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  Endpoints endpoints;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
    const Endpoint endpoint(to_endpoint(*each->ai_addr).address, port);
    if (std::ranges::find(endpoints, endpoint) == endpoints.end()) endpoints.push_back(endpoint);
  }
  if (endpoints.empty()) return failure(Errc::host_not_found);
  return endpoints;
}

// Signals are for the threads of the loops.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    static_cast<void>(::sigfillset(&all));
    static_cast<void>(::pthread_sigmask(SIG_SETMASK, &all, &before_));
  }
  ~SignalsBlocked() { static_cast<void>(::pthread_sigmask(SIG_SETMASK, &before_, nullptr)); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

struct Resolver::Lookup {
  Lookup(boost::asio::io_context& loop, ResolveOperation& asking)
      : io(&loop), host(asking.host()), port(asking.port()), operation(&asking) {}

  boost::asio::io_context* io;
  std::string host;
  std::uint16_t port;
  ResolveOperation* operation;  // of the loop's thread; null once it is forgotten
  std::atomic<bool> wanted = true;
};

struct Resolver::Shared {
  std::mutex mutex;
  std::deque<std::shared_ptr<Lookup>> waiting;
  unsigned threads = 0;
  bool closed = false;
};

Resolver::Resolver() : shared_(std::make_shared<Shared>()) {}

void Resolver::close() noexcept {
  const std::lock_guard lock(shared_->mutex);
  shared_->closed = true;
  shared_->waiting.clear();
}

void Resolver::start(boost::asio::io_context& io, ResolveOperation& operation) {
  if (const auto address = Address::parse(operation.host())) {
    return operation.finish(Endpoints{Endpoint(address->canonical(), operation.port())});
  }
  auto lookup = std::make_shared<Lookup>(io, operation);
  operation.backend = lookup.get();
  const std::lock_guard lock(shared_->mutex);
  shared_->waiting.push_back(std::move(lookup));
  if (shared_->threads == threads_max) return;
  const SignalsBlocked blocked;
  try {
    std::thread([shared = shared_] { work(shared); }).detach();
    ++shared_->threads;
  } catch (const std::system_error&) {
    if (shared_->threads > 0) return;  // another one gets to it
    shared_->waiting.pop_back();
    operation.backend = nullptr;
    operation.finish(failure(Errc::resolve_again));
  }
}

void Resolver::forget(ResolveOperation& operation) noexcept {
  auto* const lookup = static_cast<Lookup*>(std::exchange(operation.backend, nullptr));
  if (lookup == nullptr) return;
  lookup->operation = nullptr;
  lookup->wanted = false;
}

void Resolver::work(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (!shared->waiting.empty()) {
    auto lookup = std::move(shared->waiting.front());
    shared->waiting.pop_front();
    if (!lookup->wanted) continue;
    lock.unlock();
    auto result = look_up(lookup->host, lookup->port);
    lock.lock();
    if (shared->closed) break;
    auto& io = *lookup->io;
    boost::asio::post(io, [lookup = std::move(lookup), result = std::move(result)]() mutable {
      ResolveOperation* const operation = std::exchange(lookup->operation, nullptr);
      if (operation == nullptr) return;
      operation->backend = nullptr;
      operation->finish(std::move(result));
    });
  }
  --shared->threads;
}

}  // namespace piccolo::real
