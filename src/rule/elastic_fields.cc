#include "rule/elastic_fields.h"

#include <utility>

#include "event/signal_fields.h"

namespace trailhound::rule {

namespace {

Cell read_absent(const event::Record&, Arena&) { return Cell::absent(); }

}  // namespace

Result<event::ColumnRef> ElasticFields::find(std::string_view name) const {
  if (const auto found = absent_.find(name); found != absent_.end()) return found->second;
  Result<event::ColumnRef> known = schema_.find(name);
  if (signals_ && known && event::is_only_in_signals(name) && (*known)->always_absent) {
    event::Column column = **known;
    column.always_absent = false;
    return remembered(std::move(column));
  }
  if (known || unknown_ == Unknown::refused) return known;
  event::Column column{};
  column.view = event::View::ecs;
  column.name = std::string(name);
  column.type = type_;
  column.read = read_absent;
  column.always_absent = true;
  return remembered(std::move(column));
}

event::ColumnRef ElasticFields::index_name() const {
  if (!signals_) return nullptr;
  if (const auto found = absent_.find("_index"); found != absent_.end()) return found->second;
  event::Column column{};
  column.view = event::View::ecs;
  column.name = "_index";
  column.type = event::LogicalType::keyword;
  column.read = [](const event::Record&, Arena&) { return Cell::one(std::string_view("logs-aws.cloudtrail-default")); };
  return remembered(std::move(column));
}

event::ColumnRef ElasticFields::remembered(event::Column&& column) const {
  std::string name = column.name;
  return absent_.emplace(std::move(name), std::make_shared<const event::Column>(std::move(column))).first->second;
}

plan::Expr ElasticFields::run_time(lang::WhichRun which) const {
  const Result<event::ColumnRef> timestamp = schema_.find("@timestamp");
  if (interval_.micros <= 0 || !timestamp) return nullptr;
  return lang::run_time_of(plan::column(*timestamp), interval_, look_back_, which);
}

}  // namespace trailhound::rule
