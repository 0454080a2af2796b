#pragma once

// Places in a node's code where a simulation may be unkind, or wants to know that it has been:
//
//   const std::size_t batch = env.probes.buggify("small batches") ? 1 : 1000;
//   if (attempts > 3) env.probes.sometimes("many attempts");
//
// In production a probe is one comparison with null. A node cannot ask whether it is simulated;
// it can only be told to take an unusual turn, which it must be able to take anyhow.

#include <cstdint>
#include <string_view>

namespace piccolo {

// What a simulation implements. `site` is a literal, the same for one place in the code.
class ProbeBackend {
 public:
  virtual bool fires(std::string_view site, std::uint32_t ppm) noexcept = 0;
  virtual void reached(std::string_view name) noexcept = 0;

 protected:
  ~ProbeBackend() = default;
};

class Probes {
 public:
  // FoundationDB's choice: a site that is on in a run fires a quarter of the times it is reached.
  static constexpr std::uint32_t fires_ppm = 250'000;

  Probes() noexcept = default;
  explicit Probes(ProbeBackend& backend) noexcept : backend_(&backend) {}

  // Always false in production. In a simulation each site is on in some runs and off in others,
  // and where it is on, it is true in `ppm` of a million cases.
  bool buggify(std::string_view site, std::uint32_t ppm = fires_ppm) const noexcept {
    return backend_ != nullptr && backend_->fires(site, ppm);
  }
  // Notes that the place was reached: a campaign reports which of all names never were.
  void sometimes(std::string_view name) const noexcept {
    if (backend_ != nullptr) backend_->reached(name);
  }

 private:
  ProbeBackend* backend_ = nullptr;
};

}  // namespace piccolo
