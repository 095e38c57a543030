#include "event/ecs_node.h"

#include <algorithm>

#include "base/json_writer.h"
#include "event/java_text.h"

namespace trailhound::event {
namespace {

// "a.b.c" → "a", and "b.c" is left.
std::string_view take_step(std::string_view& path) {
  const std::size_t dot = path.find('.');
  const std::string_view step = path.substr(0, dot);
  path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  return step;
}

void write_json(json::Writer& writer, json::Value value) {
  std::string text;
  if (append_clean_json(text, value)) {
    writer.raw(text);
  } else {
    writer.null();  // prune() leaves no such leaf
  }
}

void write_node(json::Writer& writer, const Node& node);

void write_members(json::Writer& writer, const Node::Members& members) {
  std::vector<const std::pair<std::string, Node>*> sorted;
  sorted.reserve(members.size());
  for (const auto& member : members) sorted.push_back(&member);
  std::ranges::sort(sorted, {}, [](const auto* member) -> const std::string& { return member->first; });
  writer.begin_object();
  for (const auto* member : sorted) {
    writer.key(member->first);
    write_node(writer, member->second);
  }
  writer.end_object();
}

void write_node(json::Writer& writer, const Node& node) {
  if (const auto* members = node.members()) {
    write_members(writer, *members);
  } else if (const auto* list = node.list()) {
    writer.begin_array();
    for (const Node& element : *list) write_node(writer, element);
    writer.end_array();
  } else if (const auto* json = node.json()) {
    write_json(writer, *json);
  } else if (const auto* text = node.text()) {
    writer.string(*text);
  } else if (const auto* boolean = node.boolean()) {
    writer.boolean(*boolean);
  } else if (const auto* integer = node.integer()) {
    writer.integer(*integer);
  } else if (const auto* real = node.real()) {
    writer.real(*real);
  } else {
    writer.null();
  }
}

}  // namespace

Node& Node::member(std::string_view name) {
  if (members() == nullptr) value_ = Members();
  auto& all = std::get<Members>(value_);
  const auto found = std::ranges::find(all, name, &std::pair<std::string, Node>::first);
  return found != all.end() ? found->second : all.emplace_back(std::string(name), Node()).second;
}

Node& Node::at(std::string_view path) {
  Node* node = this;
  while (!path.empty()) node = &node->member(take_step(path));
  return *node;
}

const Node* Node::find(std::string_view path) const {
  const Node* node = this;
  while (!path.empty()) {
    const auto* members = node->members();
    if (members == nullptr) return nullptr;
    const std::string_view step = take_step(path);
    const auto found = std::ranges::find(*members, step, &std::pair<std::string, Node>::first);
    if (found == members->end()) return nullptr;
    node = &found->second;
  }
  return node;
}

void Node::append_unique(std::string_view path, std::string_view text) {
  if (text.empty()) return;
  Node& node = at(path);
  if (node.list() == nullptr) node.value_ = List();
  auto& list = std::get<List>(node.value_);
  const bool present =
      std::ranges::any_of(list, [&](const Node& n) { return n.text() != nullptr && *n.text() == text; });
  if (!present) list.emplace_back(text);
}

bool Node::prune() {
  if (auto* members = std::get_if<Members>(&value_)) {
    std::erase_if(*members, [](auto& member) { return !member.second.prune(); });
    return !members->empty();
  }
  if (auto* list = std::get_if<List>(&value_)) {
    std::erase_if(*list, [](Node& node) { return !node.prune(); });
    return !list->empty();
  }
  if (const auto* text = this->text()) return !text->empty();
  if (const auto* json = this->json()) return survives_cleanup(*json);
  return !std::holds_alternative<std::monostate>(value_);
}

void Node::append_json(std::string& out) const {
  json::Writer writer(out);
  write_node(writer, *this);
}

}  // namespace trailhound::event
