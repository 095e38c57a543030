#include "run/record_shorthand.h"

#include <cstdio>
#include <vector>

#include "base/hash.h"
#include "base/json_writer.h"

namespace trailhound::run {
namespace {

/// Paths and texts of a record, in order of path, so that writing them nested is one pass.
using Fields = std::map<std::string, std::string>;

std::string value_or(const Shorthand& values, std::string_view key, std::string_view fallback) {
  const auto at = values.find(key);
  return std::string(at == values.end() ? fallback : std::string_view(at->second));
}

bool is_shorthand(std::string_view key) {
  static constexpr std::string_view kKeys[] = {"service", "region", "account", "ip",  "agent", "error",
                                               "id",      "user",   "role",    "key", "arn"};
  for (const std::string_view k : kKeys) {
    if (k == key) return true;
  }
  return false;
}

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
    fields["userIdentity.type"] = "IAMUser";
    fields["userIdentity.userName"] = user.substr(user.rfind('/') + 1);
    fields["userIdentity.principalId"] = key_id("AIDA", user);
  } else {
    const std::string name = role.substr(0, role.find('/'));
    arn = "arn:aws:sts::" + account + ":assumed-role/" + role;
    fields["userIdentity.type"] = "AssumedRole";
    fields["userIdentity.principalId"] = key_id("AROA", name) + ":" + role.substr(role.find('/') + 1);
    fields["userIdentity.sessionContext.sessionIssuer.type"] = "Role";
    fields["userIdentity.sessionContext.sessionIssuer.userName"] = name;
    fields["userIdentity.sessionContext.sessionIssuer.arn"] = "arn:aws:iam::" + account + ":role/" + name;
  }
  arn = value_or(values, "arn", arn);
  if (arn != "none") fields["userIdentity.arn"] = arn;
  if (key == "AKIA" || key == "ASIA") key = key_id(key, arn);
  if (key != "none") fields["userIdentity.accessKeyId"] = key;
  fields["userIdentity.accountId"] = account;
}

/// Writes the fields below `prefix` as one object; sorted paths make neighbours of what belongs together.
Fields::const_iterator write_object(json::Writer& w, Fields::const_iterator at, Fields::const_iterator end,
                                    const std::string& prefix) {
  w.begin_object();
  while (at != end && at->first.starts_with(prefix)) {
    const std::size_t dot = at->first.find('.', prefix.size());
    w.key(std::string_view(at->first).substr(prefix.size(), dot == std::string::npos ? dot : dot - prefix.size()));
    if (dot == std::string::npos) {
      w.string(at->second);
      ++at;
    } else {
      at = write_object(w, at, end, at->first.substr(0, dot + 1));
    }
  }
  w.end_object();
  return at;
}

}  // namespace

void append_record(std::string& out, std::string_view event_name, Instant time, const Shorthand& values,
                   std::uint64_t number) {
  const std::string account = value_or(values, "account", "111122223333");
  std::string service = value_or(values, "service", "iam");
  if (service.find('.') == std::string::npos) service += ".amazonaws.com";
  Fields fields;
  fields["eventVersion"] = "1.11";
  fields["eventTime"] = format_rfc3339(time);
  fields["eventName"] = event_name;
  fields["eventSource"] = service;
  fields["awsRegion"] = value_or(values, "region", "us-east-1");
  fields["sourceIPAddress"] = value_or(values, "ip", "198.51.100.7");
  fields["userAgent"] = value_or(values, "agent", "Boto3/1.34.0 md/Botocore#1.34.0 lang/python#3.11");
  fields["eventID"] = value_or(values, "id", event_id(number));
  fields["eventType"] = "AwsApiCall";
  fields["eventCategory"] = "Management";
  fields["recipientAccountId"] = account;
  if (const std::string error = value_or(values, "error", ""); !error.empty()) fields["errorCode"] = error;
  add_identity(fields, values, account);
  for (const auto& [key, value] : values) {
    if (is_shorthand(key)) continue;
    if (value == "none") {
      fields.erase(key);
    } else {
      fields[key] = value;
    }
  }
  json::Writer writer(out);
  write_object(writer, fields.cbegin(), fields.cend(), "");
}

}  // namespace trailhound::run
