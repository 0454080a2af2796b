#include "stepper.hpp"

#include <fmt/format.h>

#include <charconv>

#include "piccolo/core/suggest.hpp"

namespace piccolo::sim {
namespace {

constexpr std::string_view help =
    "  n         on to the next line of the story; an empty line does the last again\n"
    "  f         on to the next fault\n"
    "  e [N]     on to the next event of the trace, or to event N\n"
    "  t TIME    on to a time of the run, such as 12.3s\n"
    "  h NAME    what is with a host now\n"
    "  c         on to the end\n"
    "  q         give the run up\n";

struct Words {
  std::string_view first;
  std::string_view rest;
};

Words words_of(std::string_view text) {
  const auto trim = [](std::string_view of) {
    while (!of.empty() && of.front() == ' ') of.remove_prefix(1);
    while (!of.empty() && (of.back() == ' ' || of.back() == '\r')) of.remove_suffix(1);
    return of;
  };
  text = trim(text);
  const std::size_t end = std::min(text.find(' '), text.size());
  return {text.substr(0, end), trim(text.substr(end))};
}

}  // namespace

Stepper::Stepper(NarrationOptions options, Print print, Ask ask)
    : StoryLines(options.level),
      print_(std::move(print)),
      ask_(std::move(ask)),
      narration_([this](std::string_view line) { print_(std::string(line) + "\n"); },
                 std::move(options)) {}

void Stepper::follow(World& world) {
  StoryLines::follow(world);
  world.watch_trace(this);
}

void Stepper::recorded(std::uint64_t number, const TraceEvent& event) noexcept {
  event_ = number;
  const bool there = (stop_at_ == StopAt::event && number >= target_event_) ||
                     (stop_at_ == StopAt::time && event.at >= target_time_);
  if (!there) return;
  print_(fmt::format("{:>12}  event {}: {} of {}\n", format_seconds(event.at.time_since_epoch()),
                     number, event_kind_name(event.kind), event.subject));
  pause(number);
}

void Stepper::line(RecordedLine line) {
  if (stop_at_ == StopAt::quit) return;
  const bool told = narration_.is_told(world(), line);
  narration_.tell(world(), line);
  const bool fault = line.kind == LineKind::fault;
  if ((stop_at_ == StopAt::line && told) || (stop_at_ == StopAt::fault && fault)) {
    pause(line.event);
  }
}

void Stepper::pause(std::uint64_t event) {
  for (;;) {
    print_(fmt::format("[{} event {}] ", format_seconds(world().now().time_since_epoch()), event));
    std::optional<std::string> asked = ask_();
    if (!asked) {
      print_("\n");
      return leave();
    }
    if (words_of(*asked).first.empty()) asked = last_.empty() ? "n" : last_;
    last_ = *asked;
    if (obey(*asked)) return;
  }
}

bool Stepper::obey(std::string_view command) {
  const auto [word, rest] = words_of(command);
  if (word == "h" || word == "host") return show_host(rest);
  if (word == "e" || word == "event") return go_to_event(rest);
  if (word == "t" || word == "time") return go_to_time(rest);
  if (word == "q" || word == "quit") {
    leave();
    return true;
  }
  if (word == "n" || word == "next")
    stop_at_ = StopAt::line;
  else if (word == "f" || word == "fault")
    stop_at_ = StopAt::fault;
  else if (word == "c" || word == "continue")
    stop_at_ = StopAt::never;
  else {
    print_(word == "?" || word == "help"
               ? std::string(help)
               : fmt::format("`{}` is no command here; `?` lists what there is\n", word));
    return false;
  }
  return true;
}

bool Stepper::go_to_event(std::string_view number) {
  std::uint64_t wanted = event_ + 1;
  if (!number.empty()) {
    const char* const end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, wanted);
    if (error != std::errc() || stop != end || wanted <= event_) {
      print_(fmt::format("`{}` is no event ahead; give a number above {}\n", number, event_));
      return false;
    }
  }
  target_event_ = wanted;
  stop_at_ = StopAt::event;
  return true;
}

bool Stepper::go_to_time(std::string_view time) {
  const auto wanted = parse_duration(time);
  if (!wanted || TimePoint(*wanted) <= world().now()) {
    print_(fmt::format("`{}` is no time ahead; give one above {}, such as 12.3s\n", time,
                       format_duration(world().now().time_since_epoch())));
    return false;
  }
  target_time_ = TimePoint(*wanted);
  stop_at_ = StopAt::time;
  return true;
}

bool Stepper::show_host(std::string_view name) const {
  std::vector<std::string_view> known;
  known.reserve(world().host_count());
  for (HostId host = 0; host < world().host_count(); ++host) {
    known.emplace_back(world().host_name(host));
    if (known.back() != name) continue;
    print_(world().tell_host(host));
    return false;
  }
  print_(fmt::format("`{}` is no host of this world; {}\n", name, suggestion(name, known)));
  return false;
}

void Stepper::leave() {
  stop_at_ = StopAt::quit;
  world().report_failure("given up", "the run was left before its end");
}

}  // namespace piccolo::sim
