#include <fcntl.h>
#include <sys/resource.h>

#include "support.hpp"

namespace piccolo::test {
namespace {

Task<void> taken_port(Env& env) {
  auto first = env.network.listen(any_port());
  REQUIRE(first);
  const Endpoint at = first->local_endpoint();
  REQUIRE(at.port != 0);
  auto second = env.network.listen(at);
  REQUIRE(second.error() == std::errc::address_in_use);
  auto wildcard = env.network.listen(Endpoint(Address::any(Address::Family::v4), at.port));
  REQUIRE(wildcard.error() == std::errc::address_in_use);
  first->close();
  second = env.network.listen(at);
  REQUIRE(second);
  co_return;
}

// The server closes first, so its side of the connection waits in TIME_WAIT.
Task<void> restart(Env& env) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  const Endpoint at = listener->local_endpoint();
  auto client = co_await env.network.connect(at);
  REQUIRE(client);
  auto server = co_await listener->accept();
  REQUIRE(server);
  server->close();
  co_await pause(env, 5ms);
  client->close();
  listener->close();
  listener = env.network.listen(at);
  REQUIRE(listener);
}

Task<void> not_ours(Env& env) {
  const auto elsewhere = env.network.listen(Endpoint(Address::v4(203, 0, 113, 1), 0));
  REQUIRE(elsewhere.error() == std::errc::address_not_available);
  co_return;
}

Task<void> dual_stack(Env& env) {
  auto listener = env.network.listen(Endpoint(Address::any(Address::Family::v6), 0));
  if (!listener && listener.error() == std::errc::address_family_not_supported) {
    WARN("no IPv6 here");
    co_return;
  }
  REQUIRE(listener);
  const std::uint16_t port = listener->local_endpoint().port;
  for (const auto family : {Address::Family::v4, Address::Family::v6}) {
    const Endpoint to(Address::loopback(family), port);
    auto client = co_await env.network.connect(to);
    REQUIRE(client);
    auto server = co_await listener->accept();
    REQUIRE(server);
    REQUIRE(server->remote_endpoint() == client->local_endpoint());
    REQUIRE(server->remote_endpoint().address.family() == family);
    REQUIRE(server->local_endpoint() == to);
  }
}

Task<void> accept_into(Listener* listener, Result<Stream>* result) {
  auto got = co_await listener->accept();
  *result = std::move(got);
}

Task<void> close_and_misuse(Env& env) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  Result<Stream> first;
  Scope scope(env.executor);
  scope.spawn(accept_into(&*listener, &first));
  co_await pause(env, 5ms);
  const auto second = co_await listener->accept();
  REQUIRE(second.error() == Errc::concurrent_accept);
  listener->close();
  co_await scope.join();
  REQUIRE(!first);
  REQUIRE(is_canceled(first.error()));
  const auto closed = co_await listener->accept();
  REQUIRE(closed.error() == std::errc::bad_file_descriptor);
}

// Lowers the limit of descriptors to what is open now and a few more.
class FewDescriptors {
 public:
  FewDescriptors() {
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
    const int next = ::fcntl(0, F_DUPFD_CLOEXEC, 0);
    REQUIRE(next >= 0);
    REQUIRE(::close(next) == 0);
    const rlimit few{static_cast<rlim_t>(next), before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
  }
  ~FewDescriptors() { static_cast<void>(::setrlimit(RLIMIT_NOFILE, &before_)); }
  FewDescriptors(const FewDescriptors&) = delete;
  FewDescriptors& operator=(const FewDescriptors&) = delete;

 private:
  rlimit before_{};
};

Task<void> no_descriptors(Env& env) {
  auto listener = env.network.listen(any_port());
  REQUIRE(listener);
  auto client = co_await env.network.connect(listener->local_endpoint());
  REQUIRE(client);
  {
    const FewDescriptors few;
    const auto refused = co_await listener->accept();
    REQUIRE(refused.error() == std::errc::too_many_files_open);
    const auto unconnected = co_await env.network.connect(listener->local_endpoint());
    REQUIRE(unconnected.error() == std::errc::too_many_files_open);
    const auto unbound = env.network.listen(any_port());
    REQUIRE(unbound.error() == std::errc::too_many_files_open);
  }
  // The connection was not lost meanwhile.
  auto server = co_await listener->accept();
  REQUIRE(server);
  co_await require_sends(*client, *server, "later");
}

}  // namespace

TEST_CASE("a port that is taken is taken, until it is closed") { run_real(taken_port); }
TEST_CASE("a port can be taken again at once after a restart") { run_real(restart); }
TEST_CASE("one listens on addresses of this machine only") { run_real(not_ours); }
TEST_CASE("the IPv6 wildcard takes IPv4, and tells it as such") { run_real(dual_stack); }
TEST_CASE("an accept ends with its listener, and stands alone") { run_real(close_and_misuse); }
TEST_CASE("without descriptors everything fails softly") {
  // That sanitizer opens pipes to look at memory, and takes their failure for a broken object.
  if (std::string_view(PICCOLO_SANITIZE).find("undefined") != std::string_view::npos) return;
  run_real(no_descriptors);
}

}  // namespace piccolo::test
