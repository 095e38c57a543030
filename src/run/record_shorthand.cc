#include "run/record_shorthand.h"

#include <cstdio>
#include <vector>

#include "base/hash.h"
#include "base/json_writer.h"

namespace trailhound::run {
namespace {

constexpr std::string_view kNone = "none";

std::string value_or(const Shorthand& values, std::string_view key, std::string_view fallback) {
  const auto at = values.find(key);
  return std::string(at == values.end() ? fallback : std::string_view(at->second.text));
}

/// Paths and values of a record, in order of path, so that writing them nested is one pass. A path and one below it
/// cannot both have a value: the later one wins.
class Fields {
 public:
  using Map = std::map<std::string, ShorthandValue>;

  void set(const std::string& path, std::string text) { set(path, ShorthandValue{std::move(text), false}); }
  void set(const std::string& path, ShorthandValue value) {
    erase(path);
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
      map_.erase(path.substr(0, dot));
    }
    map_.emplace(path, std::move(value));
  }
  /// The path and all below it.
  void erase(const std::string& path) {
    map_.erase(path);
    const std::string below = path + ".";
    auto end = map_.lower_bound(below);
    const auto begin = end;
    while (end != map_.end() && end->first.starts_with(below)) ++end;
    map_.erase(begin, end);
  }
  [[nodiscard]] const Map& map() const { return map_; }

 private:
  Map map_;
};

/// A stable key id of that kind for a principal.
std::string key_id(std::string_view prefix, std::string_view principal) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::uint64_t h = hash64(principal);
  std::string id(prefix);
  while (id.size() < 20) {
    id += kAlphabet[h % 32];
    h = h / 32 + 0x9E3779B97F4A7C15ull * id.size();
  }
  return id;
}

std::string event_id(std::uint64_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012llx", static_cast<unsigned long long>(number));
  return text;
}

void add_identity(Fields& fields, const Shorthand& values, const std::string& account) {
  const std::string role = value_or(values, "role", "");
  const std::string user = value_or(values, "user", "u");
  std::string arn;
  std::string key = value_or(values, "key", role.empty() ? "AKIA" : "ASIA");
  if (role.empty()) {
    arn = "arn:aws:iam::" + account + ":user/" + user;
    fields.set("userIdentity.type", "IAMUser");
    fields.set("userIdentity.userName", user.substr(user.rfind('/') + 1));
    fields.set("userIdentity.principalId", key_id("AIDA", user));
  } else {
    const std::string name = role.substr(0, role.find('/'));
    arn = "arn:aws:sts::" + account + ":assumed-role/" + role;
    fields.set("userIdentity.type", "AssumedRole");
    fields.set("userIdentity.principalId", key_id("AROA", name) + ":" + role.substr(role.find('/') + 1));
    fields.set("userIdentity.sessionContext.sessionIssuer.type", "Role");
    fields.set("userIdentity.sessionContext.sessionIssuer.userName", name);
    fields.set("userIdentity.sessionContext.sessionIssuer.arn", "arn:aws:iam::" + account + ":role/" + name);
  }
  arn = value_or(values, "arn", arn);
  if (arn != kNone) fields.set("userIdentity.arn", arn);
  if (key == "AKIA" || key == "ASIA") key = key_id(key, arn);
  if (key != kNone) fields.set("userIdentity.accessKeyId", key);
  fields.set("userIdentity.accountId", account);
}

/// Writes the fields below `prefix` as one object; sorted paths make neighbours of what belongs together.
Fields::Map::const_iterator write_object(json::Writer& w, Fields::Map::const_iterator at,
                                         Fields::Map::const_iterator end, const std::string& prefix) {
  w.begin_object();
  while (at != end && at->first.starts_with(prefix)) {
    const std::size_t dot = at->first.find('.', prefix.size());
    w.key(std::string_view(at->first).substr(prefix.size(), dot == std::string::npos ? dot : dot - prefix.size()));
    if (dot == std::string::npos) {
      if (at->second.is_json) {
        w.raw(at->second.text);
      } else {
        w.string(at->second.text);
      }
      ++at;
    } else {
      at = write_object(w, at, end, at->first.substr(0, dot + 1));
    }
  }
  w.end_object();
  return at;
}

}  // namespace

bool is_shorthand_key(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"service", "region", "account", "ip",  "agent", "error",
                                               "id",      "user",   "role",    "key", "arn"};
  for (const std::string_view k : kKeys) {
    if (k == key) return true;
  }
  return false;
}

void append_record(std::string& out, std::string_view event_name, Instant time, const Shorthand& values,
                   std::uint64_t number) {
  const std::string account = value_or(values, "account", "111122223333");
  std::string service = value_or(values, "service", "iam");
  if (service.find('.') == std::string::npos) service += ".amazonaws.com";
  Fields fields;
  fields.set("eventVersion", "1.11");
  fields.set("eventTime", format_rfc3339(time));
  fields.set("eventName", std::string(event_name));
  fields.set("eventSource", service);
  fields.set("awsRegion", value_or(values, "region", "us-east-1"));
  fields.set("sourceIPAddress", value_or(values, "ip", "198.51.100.7"));
  fields.set("userAgent", value_or(values, "agent", "Boto3/1.34.0 md/Botocore#1.34.0 lang/python#3.11"));
  fields.set("eventID", value_or(values, "id", event_id(number)));
  fields.set("eventType", "AwsApiCall");
  fields.set("eventCategory", "Management");
  fields.set("recipientAccountId", account);
  if (const std::string error = value_or(values, "error", kNone); error != kNone) fields.set("errorCode", error);
  add_identity(fields, values, account);
  for (const auto& [key, value] : values) {
    if (is_shorthand_key(key)) continue;
    if (!value.is_json && value.text == kNone) {
      fields.erase(key);
    } else {
      fields.set(key, value);
    }
  }
  json::Writer writer(out);
  write_object(writer, fields.map().cbegin(), fields.map().cend(), "");
}

}  // namespace trailhound::run
