#pragma once

// A packet in a few words, and the text of a recording made fit for JSON.

#include <string>
#include <string_view>

#include "piccolo/sim/recording.hpp"

namespace piccolo::sim {

// "SYN", "36 bytes", "datagram of 9 bytes, part 2 of 3", "port unreachable".
std::string packet_words(const PacketView& packet);

// An acknowledgement and nothing else.
bool is_plain_ack(const PacketView& packet) noexcept;

// In quotes, escaped.
std::string json_string(std::string_view text);

}  // namespace piccolo::sim
