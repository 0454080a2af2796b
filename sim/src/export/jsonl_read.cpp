#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <istream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "piccolo/sim/export.hpp"

namespace piccolo::sim {
namespace {

using Json = nlohmann::json;

struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The fields of one line.
class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {}

  bool has(const char* name) const { return json_.contains(name) && !json_[name].is_null(); }

  std::string text(const char* name) const {
    const Json& field = at(name);
    if (!field.is_string()) throw Wrong(fmt::format("`{}` is no string", name));
    return field.get<std::string>();
  }

  bool flag(const char* name) const {
    const Json& field = at(name);
    if (!field.is_boolean()) throw Wrong(fmt::format("`{}` is neither true nor false", name));
    return field.get<bool>();
  }

  std::uint64_t number(const char* name, std::uint64_t most = UINT64_MAX) const {
    const Json& field = at(name);
    if (!field.is_number_unsigned() || field.get<std::uint64_t>() > most) {
      throw Wrong(fmt::format("`{}` is no whole number from 0 to {}", name, most));
    }
    return field.get<std::uint64_t>();
  }

  Duration duration(const char* name) const {
    return Duration(static_cast<std::int64_t>(number(name, INT64_MAX)));
  }
  TimePoint time(const char* name) const { return TimePoint(duration(name)); }

  // The place of the field's text in a list of names.
  template <class Kind, class Name>
  Kind kind(const char* name, std::size_t kinds, Name name_of) const {
    const std::string wanted = text(name);
    for (std::size_t index = 0; index < kinds; ++index) {
      const auto kind = static_cast<Kind>(index);
      if (name_of(kind) == wanted) return kind;
    }
    throw Wrong(fmt::format("`{}`: `{}` is not known", name, wanted));
  }

  const Json& at(const char* name) const {
    const auto found = json_.find(name);
    if (found == json_.end()) throw Wrong(fmt::format("`{}` is missing", name));
    return *found;
  }

 private:
  const Json& json_;
};

constexpr std::size_t event_kinds = static_cast<std::size_t>(EventKind::buggified) + 1;
constexpr std::size_t line_kinds = static_cast<std::size_t>(LineKind::datagram) + 1;

class Reader {
 public:
  void take(const std::string& line) {
    if (ended_) throw Wrong("there is something behind the result");
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object()) throw Wrong("this is no JSON object");
    const Fields fields(json);
    const std::string type = fields.text("type");
    if (begun_ == (type == "run")) {
      throw Wrong(begun_ ? "a second run begins here" : "the first line must be of type `run`");
    }
    for (const auto& [name, read] : readers) {
      if (name == type) return (this->*read)(fields);
    }
    throw Wrong(fmt::format("type `{}` is not known", type));
  }

  void end() const {
    if (!begun_) throw Wrong("the file is empty");
    if (!ended_) throw Wrong("the file ends without a result: it was cut off");
  }

  Recording recording;

 private:
  struct TypeReader {
    std::string_view type;
    void (Reader::*read)(const Fields& fields);
  };
  static const std::array<TypeReader, 8> readers;

  void run(const Fields& fields) {
    if (fields.number("format") != 1) throw Wrong("`format` is not 1: a newer program wrote this");
    begun_ = true;
    recording.world = fields.text("world");
    recording.scenario = fields.text("scenario");
    recording.result.seed = fields.number("seed");
    recording.wall_start = WallTime(fields.duration("wall_start_ns"));
    recording.log_level = level_in(fields, "log_level");
    recording.truncated = fields.flag("truncated");
  }

  void host(const Fields& fields) {
    in_order(fields, "host", recording.hosts.size());
    const auto v4 = Address::parse(fields.text("v4"));
    const auto v6 = Address::parse(fields.text("v6"));
    if (!v4 || !v6) throw Wrong("`v4` or `v6` is no address");
    recording.hosts.push_back({fields.text("name"), *v4, *v6});
  }

  void process(const Fields& fields) {
    in_order(fields, "process", recording.processes.size());
    recording.processes.push_back(
        {fields.text("name"), host_in(fields.at("host")), fields.flag("client")});
  }

  void fault(const Fields& fields) {
    RecordedFault fault;
    fault.kind = fields.kind<FaultKind>("kind", fault_kinds, &fault_kind_name);
    fault.from = fields.time("from_ns");
    fault.until = fields.time("until_ns");
    fault.text = fields.text("text");
    const Json& hosts = fields.at("hosts");
    if (!hosts.is_array()) throw Wrong("`hosts` is no list");
    for (const Json& host : hosts) fault.hosts.push_back(host_in(host));
    recording.faults.push_back(std::move(fault));
  }

  void event(const Fields& fields) {
    in_order(fields, "number", recording.events.size());
    recording.events.push_back(
        {.at = fields.time("at_ns"),
         .kind = fields.kind<EventKind>("kind", event_kinds, &event_kind_name),
         .subject = fields.number("subject"),
         .a = fields.number("a"),
         .b = fields.number("b"),
         .c = fields.number("c")});
  }

  void line(const Fields& fields) {
    RecordedLine line;
    line.at = fields.time("at_ns");
    line.event = fields.number("event");
    line.kind = fields.kind<LineKind>("kind", line_kinds, &line_kind_name);
    if (line.kind == LineKind::log) line.level = level_in(fields, "level");
    if (fields.has("process")) {
      if (recording.processes.empty()) throw Wrong("`process` is of none that there is");
      line.process =
          static_cast<ProcessId>(fields.number("process", recording.processes.size() - 1));
    }
    if (fields.has("connection")) line.connection = fields.number("connection");
    line.text = fields.text("text");
    recording.lines.push_back(std::move(line));
  }

  // Nobody who reads needs them; those of scripts' interest stay in the file.
  void packet(const Fields& /*fields*/) {}

  void result(const Fields& fields) {
    ended_ = true;
    RunResult& result = recording.result;
    const std::string hash = fields.text("trace_hash");
    const char* const last = hash.data() + hash.size();
    const auto [stop, error] = std::from_chars(hash.data(), last, result.trace_hash, 16);
    if (error != std::errc() || stop != last) {
      throw Wrong("`trace_hash` is no number in hexadecimal digits");
    }
    if (fields.number("events") != recording.events.size()) {
      throw Wrong(fmt::format("`events` is {}, but {} are there", fields.number("events"),
                              recording.events.size()));
    }
    result.totals.virtual_time = fields.duration("virtual_ns");
    if (!fields.has("violation")) return;
    const Fields violation(fields.at("violation"));
    result.violation = Violation{violation.text("invariant"), violation.text("detail"),
                                 violation.duration("at_ns"), violation.flag("liveness")};
  }

  static void in_order(const Fields& fields, const char* name, std::size_t expected) {
    const std::uint64_t number = fields.number(name);
    if (number == expected) return;
    throw Wrong(fmt::format("`{}` is {} where {} should be", name, number, expected));
  }

  HostId host_in(const Json& json) const {
    if (json.is_number_unsigned() && json.get<std::uint64_t>() < recording.hosts.size()) {
      return json.get<HostId>();
    }
    throw Wrong("a host is named that there is not");
  }

  static LogLevel level_in(const Fields& fields, const char* name) {
    const std::string text = fields.text(name);
    if (const auto level = parse_log_level(text)) return *level;
    throw Wrong(fmt::format("`{}`: `{}` is not known", name, text));
  }

  bool begun_ = false;
  bool ended_ = false;
};

const std::array<Reader::TypeReader, 8> Reader::readers{{{"run", &Reader::run},
                                                         {"host", &Reader::host},
                                                         {"process", &Reader::process},
                                                         {"fault", &Reader::fault},
                                                         {"event", &Reader::event},
                                                         {"line", &Reader::line},
                                                         {"packet", &Reader::packet},
                                                         {"result", &Reader::result}}};

}  // namespace

std::expected<Recording, std::string> read_jsonl(std::istream& from, std::string_view name) {
  Reader reader;
  std::size_t number = 0;
  try {
    for (std::string line; std::getline(from, line);) {
      ++number;
      reader.take(line);
    }
    if (from.bad()) throw Wrong("cannot be read");
    reader.end();
  } catch (const Wrong& wrong) {
    return std::unexpected(
        fmt::format("{}:{}: {}", name, std::max<std::size_t>(number, 1), wrong.what()));
  }
  return std::move(reader.recording);
}

}  // namespace piccolo::sim
