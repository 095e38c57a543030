#pragma once
/// What the naive twins tell groups and values apart by.

#include <map>
#include <string>
#include <vector>

#include "base/value.h"
#include "engine/hit.h"

namespace trailhound::engine::test {

inline std::string bytes_of(const std::vector<Value>& values) {
  std::string bytes;
  for (const Value& value : values) append_canonical(bytes, value);
  return bytes;
}

inline std::map<std::string, std::vector<const Hit*>> by_group(const std::vector<Hit>& hits) {
  std::map<std::string, std::vector<const Hit*>> groups;
  for (const Hit& hit : hits) groups[bytes_of(hit.group)].push_back(&hit);
  return groups;
}

/// What the values of a cell are told apart by, in order of the values' bytes.
inline std::map<std::string, Value> distinct_values(const Values& values) {
  std::map<std::string, Value> distinct;
  for (const Value& value : values) {
    if (!is_null(value)) distinct.emplace(bytes_of({value}), value);
  }
  return distinct;
}

}  // namespace trailhound::engine::test
