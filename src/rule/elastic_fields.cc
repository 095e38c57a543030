#include "rule/elastic_fields.h"

namespace trailhound::rule {

Result<event::ColumnRef> ElasticFields::find(std::string_view name) const {
  Result<event::ColumnRef> known = schema_.find(name);
  if (known || unknown_ == Unknown::refused) return known;
  if (const auto found = absent_.find(name); found != absent_.end()) return found->second;
  event::Column column{};
  column.view = event::View::ecs;
  column.name = std::string(name);
  column.type = type_;
  column.read = [](const event::Record&, Arena&) { return Cell::absent(); };
  column.always_absent = true;
  return absent_.emplace(std::string(name), std::make_shared<const event::Column>(std::move(column))).first->second;
}

plan::Expr ElasticFields::run_time(lang::WhichRun which) const {
  const Result<event::ColumnRef> timestamp = schema_.find("@timestamp");
  if (interval_.micros <= 0 || !timestamp) return nullptr;
  return lang::run_time_of(plan::column(*timestamp), interval_, look_back_, which);
}

}  // namespace trailhound::rule
