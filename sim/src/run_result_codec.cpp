#include "run_result_codec.hpp"

namespace piccolo::sim {
namespace {

constexpr std::uint64_t version = 1;

class Writer {
 public:
  explicit Writer(std::string& bytes) : bytes_(bytes) {}

  // Seven bits a byte, lowest first: most numbers are small.
  void operator()(std::uint64_t number) {
    for (; number >= 0x80U; number >>= 7U) bytes_ += static_cast<char>(number | 0x80U);
    bytes_ += static_cast<char>(number);
  }
  void operator()(Duration time) { (*this)(static_cast<std::uint64_t>(time.count())); }
  void operator()(bool yes) { bytes_ += yes ? '\1' : '\0'; }
  void operator()(const std::string& text) {
    (*this)(std::uint64_t{text.size()});
    bytes_ += text;
  }

 private:
  std::string& bytes_;
};

// Once something is wrong, all that follows is zero and `sound` says so.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  bool sound() const noexcept { return sound_; }
  bool at_end() const noexcept { return rest_.empty(); }

  void operator()(std::uint64_t& number) {
    number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take());
      number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80U) return;
    }
    sound_ = false;
  }
  void operator()(Duration& time) {
    std::uint64_t count = 0;
    (*this)(count);
    time = Duration(static_cast<std::int64_t>(count));
  }
  void operator()(bool& yes) { yes = take() != '\0'; }
  void operator()(std::string& text) {
    const std::size_t size = length();
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
  }
  // Of what follows; each element takes a byte at least.
  std::size_t length() {
    std::uint64_t size = 0;
    (*this)(size);
    if (size <= rest_.size()) return size;
    sound_ = false;
    return 0;
  }

 private:
  char take() {
    if (rest_.empty()) {
      sound_ = false;
      return '\0';
    }
    const char byte = rest_.front();
    rest_.remove_prefix(1);
    return byte;
  }

  std::string_view rest_;
  bool sound_ = true;
};

void size_of(Writer& way, const auto& list) { way(std::uint64_t{list.size()}); }
void size_of(Reader& way, auto& list) { list.resize(way.length()); }

// One order for both directions, so that they cannot differ.
void pass(auto& way, auto& totals) {
  way(totals.runs);
  way(totals.events);
  way(totals.virtual_time);
  for (std::size_t kind = 0; kind < fault_kinds; ++kind) {
    auto& count = totals.faults[static_cast<FaultKind>(kind)];
    way(count.injected);
    way(count.observed);
  }
  const auto pass_counts = [&way](auto& counts) {
    size_of(way, counts);
    for (auto& count : counts) {
      way(count.name);
      way(count.value);
    }
  };
  pass_counts(totals.counters);
  pass_counts(totals.sometimes);
  size_of(way, totals.sites);
  for (auto& site : totals.sites) {
    way(site.site);
    way(site.passed);
    way(site.fired);
  }
  way(totals.fingerprint);
}

void pass_violation(auto& way, auto& violation) {
  way(violation.invariant);
  way(violation.detail);
  way(violation.at);
  way(violation.liveness);
}

}  // namespace

void encode(const RunResult& run, std::string& bytes) {
  Writer write(bytes);
  write(version);
  write(run.seed);
  write(run.trace_hash);
  pass(write, run.totals);
  write(run.violation.has_value());
  if (run.violation) pass_violation(write, *run.violation);
}

std::optional<RunResult> decode(std::string_view bytes) {
  Reader read(bytes);
  std::uint64_t of_version = 0;
  read(of_version);
  if (of_version != version) return std::nullopt;
  RunResult run;
  read(run.seed);
  read(run.trace_hash);
  pass(read, run.totals);
  bool violated = false;
  read(violated);
  if (violated) pass_violation(read, run.violation.emplace());
  if (!read.sound() || !read.at_end()) return std::nullopt;
  return run;
}

}  // namespace piccolo::sim
