#pragma once
/// A small schema and short ways into the ES|QL stages, for tests.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/esql/binder.h"
#include "lang/esql/lowering.h"
#include "lang/esql/parser.h"

namespace trailhound::esql {

/// Columns of many types, and open names below `open.`.
class FakeSchema : public Schema, public plan::ColumnResolver {
 public:
  FakeSchema() {
    const std::pair<const char*, LogicalType> columns[] = {{"@timestamp", LogicalType::date},
                                                           {"a", LogicalType::keyword},
                                                           {"a.b", LogicalType::keyword},
                                                           {"b", LogicalType::keyword},
                                                           {"event.action", LogicalType::keyword},
                                                           {"flag", LogicalType::boolean},
                                                           {"big", LogicalType::unsigned_long},
                                                           {"i", LogicalType::integer},
                                                           {"ip", LogicalType::ip},
                                                           {"l", LogicalType::long_integer},
                                                           {"odd", LogicalType::unsupported},
                                                           {"r", LogicalType::real},
                                                           {"source.ip", LogicalType::ip},
                                                           {"t", LogicalType::text},
                                                           {"user.name", LogicalType::keyword},
                                                           {"v", LogicalType::version}};
    for (const auto& [name, type] : columns) add(event::View::ecs, name, type);
    id_ = make(event::View::raw, "eventID", LogicalType::any);
  }
  Result<event::ColumnRef> find(std::string_view name) const override {
    if (const auto found = columns_.find(name); found != columns_.end()) return found->second;
    if (name.starts_with("open.")) return make(event::View::ecs, std::string(name), LogicalType::any);
    return fail("unknown column");
  }
  Result<event::ColumnRef> find(event::View, std::string_view name) const override {
    if (name == "eventID") return id_;
    return find(name);
  }
  std::vector<std::string_view> names() const override {
    std::vector<std::string_view> out;
    for (const auto& [name, column] : columns_) out.push_back(name);
    return out;
  }
  Result<event::ColumnRef> document_id() const override { return id_; }

 private:
  static event::ColumnRef make(event::View view, std::string name, LogicalType type) {
    auto column = std::make_shared<event::Column>();
    column->view = view;
    column->name = std::move(name);
    column->type = type;
    return column;
  }
  void add(event::View view, const char* name, LogicalType type) { columns_[name] = make(view, name, type); }

  std::map<std::string, event::ColumnRef, std::less<>> columns_;
  event::ColumnRef id_;
};

/// Everything that was said about a query, and how far it came.
struct Compiled {
  std::string text;
  Diagnostics diagnostics;
  Query query;
  std::optional<BoundQuery> bound;
  std::optional<plan::Plan> plan;

  /// "TH3101@1:20 TH3105@2:1": codes and positions, in order of finding.
  [[nodiscard]] std::string findings() const {
    std::string out;
    for (const auto& d : diagnostics.all()) {
      if (!out.empty()) out += " ";
      out += d.code + "@" + std::to_string(d.place.at.line) + ":" + std::to_string(d.place.at.column);
    }
    return out;
  }
  [[nodiscard]] std::string messages() const {
    std::string out;
    for (const auto& d : diagnostics.all()) out += to_text(d) + "\n";
    return out;
  }
  [[nodiscard]] std::string tree() const { return print(query.pipeline); }
  /// "a:keyword n:long": the columns of the result.
  [[nodiscard]] std::string columns() const {
    std::string out;
    if (!bound) return "(not bound)\n" + messages();
    for (const auto& column : bound->columns) {
      out += (out.empty() ? "" : " ") + column.name + ":" + std::string(event::name_of(column.type));
    }
    return out;
  }
  [[nodiscard]] std::string names() const {
    std::string out;
    if (!bound) return "(not bound)\n" + messages();
    for (const auto& column : bound->columns) out += (out.empty() ? "" : " ") + column.name;
    return out;
  }
  /// The filter of the plan's query without its IsTrue.
  [[nodiscard]] std::string filter() const {
    if (!plan) return "(not lowered)\n" + messages();
    return plan::print(std::get<plan::IsTrue>(plan->queries.front().filter->node).operand);
  }
  [[nodiscard]] const plan::RunAggregate& run() const { return std::get<plan::RunAggregate>(plan->op); }
};

inline const FakeSchema& fake_schema() {
  static const FakeSchema kSchema;
  return kSchema;
}

inline Compiled compile(std::string text, const LoweringOptions& options = {}) {
  Compiled out;
  out.text = std::move(text);
  const Origin origin{.file = "q.toml", .rule = "r", .key = "query", .file_text = {}, .to_file = {}};
  Reporter reporter(out.text, origin, out.diagnostics);
  out.query = parse(out.text, reporter);
  if (reporter.errors() > 0) return out;
  out.bound = esql::bind(out.text, out.query, fake_schema(), reporter);
  if (out.bound) out.plan = lower(*out.bound, options, reporter);
  return out;
}

/// A condition in the place where rules have it.
inline Compiled compile_where(const std::string& condition) {
  return compile("FROM x | WHERE " + condition + " | KEEP a");
}

}  // namespace trailhound::esql
