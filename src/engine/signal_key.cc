#include "engine/signal_key.h"

namespace trailhound::engine {

std::vector<Value> signal_key_of(const plan::Episode& episode, const std::vector<Value>& group) {
  if (!episode.project && episode.key_parts.empty()) return group;
  std::vector<Value> key;
  for (const std::uint32_t part : episode.key_parts) {
    if (part < group.size()) key.push_back(group[part]);
  }
  return key;
}

std::vector<std::string> signal_key_names(const plan::Plan& plan, std::size_t group_size) {
  std::vector<std::string> names;
  for (const plan::Query& query : plan.queries) {
    if (query.key.size() != group_size) continue;
    for (const plan::NamedExpr& part : query.key) names.push_back(part.name);
    break;
  }
  names.resize(group_size);
  if (!plan.episode.project && plan.episode.key_parts.empty()) return names;
  std::vector<std::string> projected;
  for (const std::uint32_t part : plan.episode.key_parts) {
    if (part < names.size()) projected.push_back(names[part]);
  }
  return projected;
}

std::string describe_group(const std::vector<Value>& group) {
  std::string text;
  for (const Value& part : group) {
    if (!text.empty()) text += ", ";
    text += is_null(part) ? std::string("null") : to_text(part);
  }
  return text;
}

std::string canonical_key(const std::vector<Value>& values) {
  std::string bytes;
  for (const Value& value : values) append_canonical(bytes, value);
  return bytes;
}

}  // namespace trailhound::engine
