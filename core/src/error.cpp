#include "piccolo/core/error.hpp"

#include <array>
#include <string>
#include <utility>

namespace piccolo {
namespace {

using NamedErrc = std::pair<std::errc, const char*>;

constexpr std::array posix_names{
    NamedErrc{std::errc::address_family_not_supported, "address_family_not_supported"},
    NamedErrc{std::errc::address_in_use, "address_in_use"},
    NamedErrc{std::errc::address_not_available, "address_not_available"},
    NamedErrc{std::errc::bad_message, "bad_message"},
    NamedErrc{std::errc::bad_file_descriptor, "bad_file_descriptor"},
    NamedErrc{std::errc::broken_pipe, "broken_pipe"},
    NamedErrc{std::errc::connection_aborted, "connection_aborted"},
    NamedErrc{std::errc::connection_refused, "connection_refused"},
    NamedErrc{std::errc::connection_reset, "connection_reset"},
    NamedErrc{std::errc::destination_address_required, "destination_address_required"},
    NamedErrc{std::errc::host_unreachable, "host_unreachable"},
    NamedErrc{std::errc::invalid_argument, "invalid_argument"},
    NamedErrc{std::errc::message_size, "message_size"},
    NamedErrc{std::errc::network_unreachable, "network_unreachable"},
    NamedErrc{std::errc::no_buffer_space, "no_buffer_space"},
    NamedErrc{std::errc::not_connected, "not_connected"},
    NamedErrc{std::errc::not_enough_memory, "not_enough_memory"},
    NamedErrc{std::errc::operation_canceled, "operation_canceled"},
    NamedErrc{std::errc::permission_denied, "permission_denied"},
    NamedErrc{std::errc::result_out_of_range, "result_out_of_range"},
    NamedErrc{std::errc::timed_out, "timed_out"},
    NamedErrc{std::errc::too_many_files_open, "too_many_files_open"},
    NamedErrc{std::errc::too_many_files_open_in_system, "too_many_files_open_in_system"},
};

const char* own_name(Errc code) noexcept {
  switch (code) {
    case Errc::end_of_stream:
      return "end_of_stream";
    case Errc::mailbox_closed:
      return "mailbox_closed";
    case Errc::host_not_found:
      return "host_not_found";
    case Errc::resolve_again:
      return "resolve_again";
    case Errc::concurrent_read:
      return "concurrent_read";
    case Errc::concurrent_write:
      return "concurrent_write";
    case Errc::concurrent_accept:
      return "concurrent_accept";
    case Errc::concurrent_receive:
      return "concurrent_receive";
    case Errc::concurrent_send:
      return "concurrent_send";
  }
  return "unknown";
}

class PiccoloCategory final : public std::error_category {
 public:
  const char* name() const noexcept override { return "piccolo"; }
  std::string message(int value) const override { return own_name(static_cast<Errc>(value)); }
};

}  // namespace

const std::error_category& piccolo_category() noexcept {
  static const PiccoloCategory category;
  return category;
}

std::error_code make_error_code(Errc code) noexcept {
  return {static_cast<int>(code), piccolo_category()};
}

std::string error_name(const std::error_code& code) {
  if (!code) return "success";
  if (code.category() == piccolo_category()) return own_name(static_cast<Errc>(code.value()));
  // As numbers where that is the same: comparing codes of two categories takes virtual calls.
  const bool is_errno =
      code.category() == std::generic_category() || code.category() == std::system_category();
  for (const auto& [posix, name] : posix_names) {
    if (is_errno ? code.value() == static_cast<int>(posix) : code == posix) return name;
  }
  return "errno_" + std::to_string(code.value());
}

}  // namespace piccolo
