#pragma once

// Error codes. What the kernel reports keeps its POSIX name in `std::generic_category`
// (`std::errc::connection_refused` and so on); only what has no errno is declared here.

#include <string_view>
#include <system_error>

#include "piccolo/core/result.hpp"

namespace piccolo {

enum class Errc {
  end_of_stream = 1,       // the peer ended the stream before everything asked for had arrived
  mailbox_closed = 2,      // no more values will come, or nobody will take them
  host_not_found = 3,      // the name does not exist (EAI_NONAME)
  resolve_again = 4,       // the name server did not answer (EAI_AGAIN)
  concurrent_read = 5,     // misuse: a second read on a stream whose first read is still pending
  concurrent_write = 6,    // misuse: likewise for writes
  concurrent_accept = 7,   // misuse: likewise for accepts on one listener
  concurrent_receive = 8,  // misuse: likewise for receives on one datagram socket
  concurrent_send = 9,     // misuse: likewise for sends
};

const std::error_category& piccolo_category() noexcept;
std::error_code make_error_code(Errc code) noexcept;

inline std::unexpected<std::error_code> failure(Errc code) noexcept {
  return std::unexpected(make_error_code(code));
}

// The code's name as this project writes it everywhere: "connection_refused", "end_of_stream".
// Independent of locale and C library, unlike `error_code::message()`. Codes without a name
// of their own print as "errno_71".
std::string error_name(const std::error_code& code);

inline bool is_canceled(const std::error_code& code) noexcept {
  return code == std::errc::operation_canceled;
}

}  // namespace piccolo

template <>
struct std::is_error_code_enum<piccolo::Errc> : std::true_type {};
