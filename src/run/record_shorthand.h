#pragma once
/// A CloudTrail record from a few words: what rule cases (and tests) write instead of a page of JSON.
/// The keys are described in run/rule_cases.h.
///
///     append_record(out, "ListBuckets", time, {{"service", {"s3"}}, {"readOnly", {"true", true}}}, 1);

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/instant.h"

namespace trailhound::run {

/// What stands behind `key=` (text) or `key:=` (a JSON value, which must be one).
struct ShorthandValue {
  std::string text;
  bool is_json = false;
  bool operator==(const ShorthandValue&) const = default;
};
using Shorthand = std::map<std::string, ShorthandValue, std::less<>>;

/// True for the keys that stand for more than a path in the record: service, user, role, ...
[[nodiscard]] bool is_shorthand_key(std::string_view key);

/// Appends one record as JSON. `number` makes its eventID, unless `id` is given.
void append_record(std::string& out, std::string_view event_name, Instant time, const Shorthand& values,
                   std::uint64_t number);

}  // namespace trailhound::run
