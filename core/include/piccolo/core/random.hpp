#pragma once

// Randomness with stable coordinates: every draw is a pure function of (seed, site, subject,
// counter). Drawing once more in one place moves no decision anywhere else. Integers only:
// the standard library's distributions differ between implementations.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "piccolo/core/time.hpp"

namespace piccolo {

// The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number
// generators", OOPSLA 2014; constants of Stafford's variant 13). A bijection on 64 bits.
constexpr std::uint64_t mix64(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// 2^64 divided by the golden ratio: the increment of SplitMix64.
inline constexpr std::uint64_t golden_gamma = 0x9e3779b97f4a7c15ULL;

// Folds `b` into `a`; not commutative.
constexpr std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  return mix64(a + golden_gamma * (mix64(b + golden_gamma) | 1U));
}

// FNV-1a, 64 bit (RFC 9923): names of sites to numbers, at compile time.
constexpr std::uint64_t site_hash(std::string_view name) noexcept {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

// `random` scaled to [0, bound) by multiplication (Lemire, "Fast random integer generation in an
// interval", 2019, without the rejection step: the bias is below bound / 2^64).
constexpr std::uint64_t scale_to(std::uint64_t random, std::uint64_t bound) noexcept {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(random) * bound) >> 64U);
}

// What draws are salted with where nobody does so later.
inline constexpr std::uint64_t unsalted = 0;

// One sequence of draws. A small value; copying it repeats the sequence.
//
// `salt` is for whoever runs the program: a simulation that changes the word makes all draws from
// then on others, those of sequences that programs hold already included. It is not the program's
// to change, and outlives the draws.
class Draws {
 public:
  explicit constexpr Draws(std::uint64_t key, const std::uint64_t* salt = &unsalted) noexcept
      : key_(key), salt_(salt) {}

  constexpr std::uint64_t next() noexcept {
    return mix64((key_ ^ *salt_) + golden_gamma * ++counter_);
  }
  // [0, bound); 0 when bound is 0.
  constexpr std::uint64_t below(std::uint64_t bound) noexcept { return scale_to(next(), bound); }
  // [low, high], both included; low <= high.
  constexpr std::uint64_t between(std::uint64_t low, std::uint64_t high) noexcept {
    const std::uint64_t span = high - low;
    return low + (span + 1 == 0 ? next() : below(span + 1));
  }
  constexpr Duration between(Duration low, Duration high) noexcept {
    // Unsigned: the span of two durations may be more than a duration.
    const auto first = static_cast<std::uint64_t>(low.count());
    const auto drawn = first + between(0, static_cast<std::uint64_t>(high.count()) - first);
    return Duration(static_cast<std::int64_t>(drawn));
  }
  // Eight bytes a draw, lowest first whatever the machine's byte order.
  constexpr void fill(std::span<std::byte> bytes) noexcept {
    for (std::size_t at = 0; at < bytes.size(); at += 8) {
      std::uint64_t word = next();
      const std::size_t end = bytes.size() - at < 8 ? bytes.size() : at + 8;
      for (std::size_t byte = at; byte < end; ++byte, word >>= 8U) {
        bytes[byte] = static_cast<std::byte>(word & 0xffU);
      }
    }
  }
  // True in `numerator` of `denominator` cases.
  constexpr bool chance(std::uint64_t numerator, std::uint64_t denominator) noexcept {
    return below(denominator) < numerator;
  }

 private:
  std::uint64_t key_;
  const std::uint64_t* salt_;
  std::uint64_t counter_ = 0;
};

// A node's only source of randomness: hands out sequences, one per site and subject. Asking
// twice for the same coordinates gives the same sequence, so keep the `Draws` and draw on.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed, const std::uint64_t* salt = &unsalted) noexcept
      : seed_(seed), salt_(salt) {}

  constexpr Draws stream(std::string_view site, std::uint64_t subject = 0) const noexcept {
    return Draws(mix(mix(seed_, site_hash(site)), subject), salt_);
  }
  constexpr Random child(std::string_view site, std::uint64_t subject = 0) const noexcept {
    return Random(mix(mix(seed_, site_hash(site)), ~subject), salt_);
  }
  constexpr std::uint64_t seed() const noexcept { return seed_; }

 private:
  std::uint64_t seed_;
  const std::uint64_t* salt_;
};

}  // namespace piccolo
