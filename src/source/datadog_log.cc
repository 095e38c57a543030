#include "source/datadog_log.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/instant.h"
#include "base/json_writer.h"
#include "source/event_time_text.h"

namespace trailhound::source {
namespace {

using json::Kind;
using json::Value;

/// A record's member and where Datadog keeps it.
struct Renamed {
  std::string_view member;
  std::array<std::string_view, 3> path;  ///< "" behind its end
};
constexpr std::array<Renamed, 5> kRenamed = {{{"eventName", {"evt", "name", ""}},
                                              {"errorCode", {"error", "kind", ""}},
                                              {"errorMessage", {"error", "message", ""}},
                                              {"sourceIPAddress", {"network", "client", "ip"}},
                                              {"userAgent", {"http", "useragent", ""}}}};

Value find_path(Value from, const std::array<std::string_view, 3>& path) {
  for (const std::string_view step : path) {
    if (!step.empty()) from = from.find(step);
  }
  return from;
}

/// Of the first place that says when in a form that can be read; what none can read is left to the reader of records,
/// who counts it as malformed. "" if no place says when.
std::string time_of(Value log, Value attributes) {
  std::string unreadable;
  for (const Value time : {attributes.find("eventTime"), log.find("date"), log.find("timestamp"),
                           attributes.find("timestamp"), log.find("attributes").find("timestamp")}) {
    std::string text = event_time_text(time);
    if (parse_rfc3339(text)) return text;
    if (unreadable.empty()) unreadable = std::move(text);
  }
  return unreadable;
}

}  // namespace

std::optional<std::string> record_of_datadog_log(Value log, Value attributes) {
  const bool is_event = find_path(attributes, kRenamed[0].path).is(Kind::string) || attributes.find("eventName");
  if (!is_event || !(attributes.find("eventSource") || attributes.find("userIdentity"))) return std::nullopt;
  const std::string time = time_of(log, attributes);
  if (time.empty()) return std::nullopt;

  std::string out = "{\"eventTime\":";
  json::append_quoted(out, time);
  const auto add = [&](std::string_view key, Value value) {
    out += ',';
    json::append_quoted(out, key);
    out += ':';
    value.append_json(out);
  };
  if (!attributes.find("eventVersion")) out += ",\"eventVersion\":\"1.08\"";
  for (const Renamed& renamed : kRenamed) {
    if (attributes.find(renamed.member)) continue;
    if (const Value value = find_path(attributes, renamed.path); value && !value.is(Kind::null)) {
      add(renamed.member, value);
    }
  }
  for (const json::Member& member : attributes.members()) {
    const bool is_standard = member.key == "eventTime" ||
                             std::ranges::any_of(kRenamed, [&](const Renamed& r) { return r.path[0] == member.key; });
    if (!is_standard) add(member.key, member.value);
  }
  return out += '}';
}

}  // namespace trailhound::source
