#pragma once
/// Columns for tests of Datadog's language over records that are in Datadog's form already: `@a.b` reads that path,
/// through lists; `source` is "cloudtrail".

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "event/batch.h"
#include "plan/expression.h"

namespace trailhound::lang::datadog::test {

// Adds the cells of the path below `value`: a key that is the whole rest of the path is tried before descending.
inline void collect(const json::Value& value, std::string_view path, std::vector<json::Value>& found) {
  if (value.is(json::Kind::array)) {
    for (const json::Value& element : value.elements()) collect(element, path, found);
    return;
  }
  if (path.empty()) {
    found.push_back(value);
    return;
  }
  if (const json::Value whole = value.find(path)) return collect(whole, {}, found);
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.', dot + 1)) {
    if (const json::Value child = value.find(path.substr(0, dot))) return collect(child, path.substr(dot + 1), found);
  }
}

inline Cell read_path(const event::Record& record, std::string_view path, Arena& arena) {
  std::vector<json::Value> found;
  collect(record.root(), path, found);
  std::vector<Scalar> scalars;
  bool object = false;
  for (const json::Value& value : found) {
    switch (value.kind()) {
      case json::Kind::boolean:
        scalars.emplace_back(*value.boolean());
        break;
      case json::Kind::integer:
        scalars.emplace_back(*value.integer());
        break;
      case json::Kind::real:
        scalars.emplace_back(*value.number());
        break;
      case json::Kind::string:
        scalars.emplace_back(arena.copy(*value.string()));
        break;
      case json::Kind::object:
        object = true;
        break;
      default:
        break;
    }
  }
  if (!scalars.empty()) return Cell::several(arena.copy(std::span<const Scalar>(scalars)));
  return object ? Cell::object() : found.empty() ? Cell::absent() : Cell::null();
}

class FakeColumns final : public plan::ColumnResolver {
 public:
  Result<event::ColumnRef> find(event::View view, std::string_view name) const override {
    event::Column column;
    column.view = view;
    column.name = name;
    if (name.starts_with('@')) {
      column.read = [path = std::string(name.substr(1))](const event::Record& record, Arena& arena) {
        return read_path(record, path, arena);
      };
    } else if (name == "source") {
      column.read = [](const event::Record&, Arena&) { return Cell::one(std::string_view("cloudtrail")); };
    } else if (name == "host" || name == "env" || name == "account") {
      column.read = [](const event::Record&, Arena&) { return Cell::absent(); };
    } else {
      return fail("no tag or reserved attribute is named " + std::string(name), "", "attributes begin with @");
    }
    return std::make_shared<const event::Column>(std::move(column));
  }
};

/// One record as a batch.
class OneRecord {
 public:
  explicit OneRecord(std::string_view json_text) {
    batch_.roots.push_back(document_.parse(json_text).value());
    batch_.times.push_back({});
  }
  event::Record record() const { return {batch_, 0}; }

 private:
  json::Document document_;
  event::Batch batch_;
};

}  // namespace trailhound::lang::datadog::test
