#pragma once
/// How Elastic's pipeline sees JSON: the cleanup that drops empty values, the iteration order of Java's HashMap, and
/// the text `{key=value, list=[a, b]}` that rules on request parameters search.
///
///     json: {"userName":"bob","newUserName":"eve","path":""}   →   {newUserName=eve, userName=bob}
///
/// Key order is that of a HashMap that held all keys of the object as parsed (removed ones count for its size), ties in
/// order of appearance; of equal keys the last value counts at the first one's place. Recursion is as deep as the JSON
/// parser allows. Thread-safe: no state.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"

namespace trailhound::event {

/// False for what the pipeline's first cleanup removes: null, "", "-", "none", and containers in which nothing is left.
[[nodiscard]] bool survives_cleanup(json::Value value);
/// The text part of that rule.
[[nodiscard]] inline bool survives_cleanup(std::string_view text) {
  return !text.empty() && text != "-" && text != "none";
}
/// The value, or a missing one if the cleanup removes it.
[[nodiscard]] inline json::Value cleaned(json::Value value) { return survives_cleanup(value) ? value : json::Value(); }

/// Positions of distinct keys in the order in which a HashMap of `table_keys` keys in total visits them.
[[nodiscard]] std::vector<std::size_t> java_map_order(std::span<const std::string_view> keys, std::size_t table_keys);

/// All members with equal keys merged, in order of appearance. Empty unless an object.
[[nodiscard]] std::vector<json::Member> distinct_members(json::Value object);
/// The members that survive the cleanup, equal keys merged, in HashMap order. Empty unless an object.
[[nodiscard]] std::vector<json::Member> java_members(json::Value object);

/// Appends the Java text of a value; false, and nothing appended, if the cleanup removes it. `without` names a member
/// of the outermost object that is left out: it was moved away after the cleanup, so its key still counts for the
/// order, and an object that held nothing else is written as {}.
bool append_java_text(std::string& out, json::Value value, std::string_view without = {});
/// The same as JSON, members sorted by name.
bool append_clean_json(std::string& out, json::Value value);

/// Java's Double.toString (JDK 19 and later, shortest digits): 1.0, 0.1, 1.0E10.
[[nodiscard]] std::string java_double_text(double value);

/// The length that Java and Elasticsearch count: UTF-16 code units of UTF-8 text.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// The order of Java's String.compareTo: by UTF-16 code unit.
[[nodiscard]] bool utf16_less(std::string_view a, std::string_view b);

}  // namespace trailhound::event
