#pragma once

// Which peers this node is connected or connecting to: never two outgoing streams to one peer,
// even when the configuration lists it twice or under two names.

#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "piccolo/core/block_pool.hpp"
#include "piccolo/core/endpoint.hpp"

namespace piccolo {

class PeerTable {
  using Addresses = std::vector<Endpoint, block_pool::Allocator<Endpoint>>;

 public:
  // Holds all addresses of one peer until destroyed.
  class Claim {
   public:
    Claim() noexcept = default;
    Claim(Claim&& other) noexcept
        : table_(std::exchange(other.table_, nullptr)), addresses_(std::move(other.addresses_)) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim() {
      if (table_ == nullptr) return;
      for (const Endpoint& address : addresses_) table_->claimed_.erase(address);
    }
    explicit operator bool() const noexcept { return table_ != nullptr; }

   private:
    friend class PeerTable;
    Claim(PeerTable& table, Addresses addresses)
        : table_(&table), addresses_(std::move(addresses)) {}
    PeerTable* table_ = nullptr;
    Addresses addresses_;
  };

  // Takes every address that a host has, or none: false (as a claim) when somebody else holds one
  // of them, since then it is the same peer.
  [[nodiscard]] Claim claim(std::span<const Endpoint> addresses) {
    Addresses canonical;
    canonical.reserve(addresses.size());
    for (const Endpoint& address : addresses) canonical.push_back(address.canonical());
    std::sort(canonical.begin(), canonical.end());
    canonical.erase(std::unique(canonical.begin(), canonical.end()), canonical.end());
    for (const Endpoint& address : canonical) {
      if (claimed_.contains(address)) return Claim();
    }
    claimed_.insert(canonical.begin(), canonical.end());
    return Claim(*this, std::move(canonical));
  }

 private:
  std::set<Endpoint, std::less<>, block_pool::Allocator<Endpoint>> claimed_;
};

}  // namespace piccolo
