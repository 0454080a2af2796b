#pragma once

// Which peers this node is connected or connecting to: never two outgoing streams to one peer,
// even when the configuration lists it twice or under two names.

#include <set>
#include <utility>

#include "piccolo/core/endpoint.hpp"

namespace piccolo {

class PeerTable {
 public:
  // Holds the peer until destroyed.
  class Claim {
   public:
    Claim() noexcept = default;
    Claim(Claim&& other) noexcept
        : table_(std::exchange(other.table_, nullptr)), peer_(other.peer_) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim() {
      if (table_ != nullptr) table_->claimed_.erase(peer_);
    }
    explicit operator bool() const noexcept { return table_ != nullptr; }

   private:
    friend class PeerTable;
    Claim(PeerTable& table, const Endpoint& peer) : table_(&table), peer_(peer) {}
    PeerTable* table_ = nullptr;
    Endpoint peer_;
  };

  // False (as a claim) when somebody else holds the peer.
  [[nodiscard]] Claim claim(const Endpoint& peer) {
    const Endpoint canonical = peer.canonical();
    return claimed_.insert(canonical).second ? Claim(*this, canonical) : Claim();
  }

 private:
  std::set<Endpoint> claimed_;
};

}  // namespace piccolo
