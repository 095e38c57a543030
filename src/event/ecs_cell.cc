#include "event/ecs_cell.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/number_text.h"
#include "event/ecs_source.h"
#include "event/java_text.h"

namespace trailhound::event {
namespace {

// Gathers the scalars of one field.
class CellBuilder {
 public:
  CellBuilder(LogicalType type, std::size_t limit, Arena& arena) : type_(type), limit_(limit), arena_(arena) {}

  void add(json::Value value);
  void add(const Node& node);
  // Texts that live long enough.
  void add_text(std::string_view text);
  void add_text_copy(std::string_view text) { add_text(arena_.copy(text)); }
  [[nodiscard]] Cell take();

 private:
  void add_typed(std::string_view text);

  LogicalType type_;
  std::size_t limit_;
  Arena& arena_;
  bool object_ = false;
  std::vector<Scalar> scalars_;
};

void CellBuilder::add_text(std::string_view text) {
  if (text.size() > limit_ && utf16_length(text) > limit_) return;
  scalars_.emplace_back(text);
}

// A text in a field of a type other than keyword: what does not parse is not there.
void CellBuilder::add_typed(std::string_view text) {
  if (type_ == LogicalType::boolean) {
    if (text == "true" || text == "false") scalars_.emplace_back(text == "true");
  } else if (type_ == LogicalType::ip) {
    if (const auto ip = parse_ip(text)) scalars_.emplace_back(*ip);
  } else if (type_ == LogicalType::date) {
    if (const auto instant = parse_pipeline_date(text)) scalars_.emplace_back(instant->micros);
  } else if (type_ == LogicalType::long_integer) {
    if (const auto number = number_in<std::int64_t>(text)) scalars_.emplace_back(*number);
  } else {
    add_text(text);
  }
}

void CellBuilder::add(json::Value value) {
  switch (value.kind()) {
    case json::Kind::missing:
    case json::Kind::null:
      break;
    case json::Kind::object:
      object_ = object_ || survives_cleanup(value);
      break;
    case json::Kind::array:
      for (const json::Value element : value.elements()) add(element);
      break;
    case json::Kind::string:
      if (survives_cleanup(*value.string())) add_typed(*value.string());
      break;
    case json::Kind::boolean:
      if (type_ == LogicalType::boolean) {
        scalars_.emplace_back(*value.boolean());
        break;
      }
      add_text(*value.boolean() ? "true" : "false");
      break;
    default: {
      std::string text;
      append_java_text(text, value);
      if (type_ == LogicalType::long_integer && value.integer()) {
        scalars_.emplace_back(*value.integer());
      } else if (type_ != LogicalType::boolean) {
        add_text_copy(text);
      }
    }
  }
}

void CellBuilder::add(const Node& node) {
  if (const auto* list = node.list()) {
    for (const Node& element : *list) add(element);
  } else if (const auto* json = node.json()) {
    add(*json);
  } else if (const auto* text = node.text()) {
    add_typed(arena_.copy(*text));
  } else if (const auto* boolean = node.boolean()) {
    if (type_ == LogicalType::boolean) {
      scalars_.emplace_back(*boolean);
    } else {
      add_text(*boolean ? "true" : "false");
    }
  } else if (const auto* integer = node.integer()) {
    scalars_.emplace_back(*integer);
  } else if (const auto* real = node.real()) {
    scalars_.emplace_back(*real);
  } else if (node.members() != nullptr) {
    object_ = true;
  }
}

Cell CellBuilder::take() {
  if (scalars_.empty()) return object_ ? Cell::object() : Cell::absent();
  std::ranges::sort(scalars_);
  const auto duplicates = std::ranges::unique(scalars_);
  scalars_.erase(duplicates.begin(), duplicates.end());
  if (scalars_.size() == 1) return Cell::one(scalars_.front());
  return Cell::several(arena_.copy(std::span<const Scalar>(scalars_)));
}

// Every leaf, as deep as the parser allows.
void add_leaves(CellBuilder& cell, json::Value value) {
  if (value.is(json::Kind::object)) {
    for (const json::Member& member : distinct_members(value)) add_leaves(cell, member.value);
  } else if (value.is(json::Kind::array)) {
    for (const json::Value element : value.elements()) add_leaves(cell, element);
  } else {
    cell.add(value);
  }
}

// Visits lists on the way; depth is bounded by the path and the parser.
void add_flattened(CellBuilder& cell, json::Value value, std::string_view path) {
  if (value.is(json::Kind::array)) {
    for (const json::Value element : value.elements()) add_flattened(cell, element, path);
  } else if (path.empty()) {
    cell.add(value);
  } else if (value.is(json::Kind::object)) {
    // A member's name may hold dots: try every prefix of the path that ends before one.
    for (std::size_t dot = path.find('.');; dot = path.find('.', dot + 1)) {
      const json::Value member = value.find(path.substr(0, dot));
      if (dot == std::string_view::npos) {
        if (member) add_flattened(cell, member, {});
        return;
      }
      if (member) add_flattened(cell, member, path.substr(dot + 1));
    }
  }
}

// The text of a scalar in a keyword field.
void add_keyword(CellBuilder& cell, const Scalar& scalar) {
  if (const auto* text = std::get_if<std::string_view>(&scalar)) {
    if (survives_cleanup(*text)) cell.add_text(*text);
  } else if (const auto* real = std::get_if<double>(&scalar)) {
    cell.add_text_copy(java_double_text(*real));
  } else {
    cell.add_text_copy(to_text(scalar));
  }
}

}  // namespace

Cell ecs_cell(json::Value value, LogicalType type, std::size_t limit, Arena& arena) {
  if (!value) return Cell::absent();
  if (const auto text = value.string(); text && type == LogicalType::keyword) {  // as good as always
    return survives_cleanup(*text) ? ecs_keyword(*text, limit) : Cell::absent();
  }
  CellBuilder cell(type, limit, arena);
  cell.add(value);
  return cell.take();
}

Cell ecs_cell(const Node* node, LogicalType type, std::size_t limit, Arena& arena) {
  if (node == nullptr) return Cell::absent();
  CellBuilder cell(type, limit, arena);
  cell.add(*node);
  return cell.take();
}

Cell ecs_keyword(std::string_view text, std::size_t limit) {
  if (text.empty() || (text.size() > limit && utf16_length(text) > limit)) return Cell::absent();
  return Cell::one(text);
}

Cell ecs_keyword(const Cell& hot, Arena& arena, std::size_t limit) {
  if (hot.state() == Cell::State::object) return Cell::object();
  if (!hot.has_values()) return Cell::absent();
  if (const std::string_view text = ecs_single_text(hot); !text.empty()) return ecs_keyword(text, limit);
  CellBuilder cell(LogicalType::keyword, limit, arena);
  for (const Scalar& scalar : hot.values()) add_keyword(cell, scalar);
  return cell.take();
}

std::string_view ecs_single_text(const Cell& hot) {
  if (!hot.is_single()) return {};
  const auto* text = std::get_if<std::string_view>(&hot.values()[0]);
  return text != nullptr && survives_cleanup(*text) ? *text : std::string_view();
}

Cell ecs_flattened(json::Value from, std::string_view path, Arena& arena) {
  CellBuilder cell(LogicalType::keyword, kNoLimit, arena);
  if (path.empty()) {
    add_leaves(cell, from);
  } else {
    add_flattened(cell, from, path);
  }
  const Cell result = cell.take();
  return result.state() == Cell::State::object ? Cell::absent() : result;
}

Cell ecs_flattened(const Node& from, std::string_view path, Arena& arena) {
  if (const auto* json = from.json()) return ecs_flattened(*json, path, arena);
  CellBuilder cell(LogicalType::keyword, kNoLimit, arena);
  if (const auto* members = from.members()) {
    // A payload from which a member was taken, or a digest: one level of nodes above the record's JSON.
    for (const auto& [name, node] : *members) {
      const bool whole = path.empty() || path == name;
      if (!whole && !(path.starts_with(name) && path.substr(name.size()).starts_with('.'))) continue;
      const std::string_view rest = whole ? std::string_view() : path.substr(name.size() + 1);
      if (const auto* json = node.json()) {
        if (path.empty()) {
          add_leaves(cell, *json);
        } else {
          add_flattened(cell, *json, rest);
        }
      } else if (rest.empty()) {
        cell.add(node);
      }
    }
  } else if (path.empty()) {
    cell.add(from);
  }
  const Cell result = cell.take();
  return result.state() == Cell::State::object ? Cell::absent() : result;
}

Cell ecs_field(json::Value document, std::string_view name, LogicalType type, std::size_t limit, Arena& arena) {
  CellBuilder cell(type, limit, arena);
  add_flattened(cell, document, name);
  const Cell result = cell.take();
  return result.state() == Cell::State::object ? Cell::absent() : result;
}

}  // namespace trailhound::event
