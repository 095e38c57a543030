// STATS and INLINE STATS as commands over rows: keys and arguments become columns, aggregates measures.

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "lang/esql/codes.h"
#include "lang/esql/table_lowering_state.h"

namespace trailhound::esql {
namespace {

using Aggregation = plan::AggregateRows::Aggregation;

struct AggregateName {
  std::string_view name;
  Aggregation aggregation;
  std::size_t columns;  ///< arguments that are columns; the others are constants
};
constexpr auto kAggregates = std::to_array<AggregateName>({
    {"count", Aggregation::count, 1},
    {"count_distinct", Aggregation::count_distinct, 1},
    {"values", Aggregation::values, 1},
    {"min", Aggregation::min, 1},
    {"max", Aggregation::max, 1},
    {"sum", Aggregation::sum, 1},
    {"avg", Aggregation::average, 1},
    {"median", Aggregation::median, 1},
    {"percentile", Aggregation::percentile, 1},
    {"median_absolute_deviation", Aggregation::median_absolute_deviation, 1},
    {"std_dev", Aggregation::standard_deviation, 1},
    {"variance", Aggregation::variance, 1},
    {"std_var", Aggregation::variance, 1},
    {"top", Aggregation::top, 1},
    {"first", Aggregation::first, 2},
    {"last", Aggregation::last, 2},
    {"earliest", Aggregation::first, 2},
    {"latest", Aggregation::last, 2},
    {"present", Aggregation::present, 1},
    {"absent", Aggregation::absent, 1},
    {"sample", Aggregation::sample, 1},
});

std::optional<bool> is_descending(const Bound& constant) {
  if (!constant.is_constant() || constant.constant.size() != 1) return std::nullopt;
  const auto* text = std::get_if<std::string>(&constant.constant.front());
  if (!text) return std::nullopt;
  const std::string lower = lower_ascii(*text);
  if (lower == "desc") return true;
  if (lower == "asc") return false;
  return std::nullopt;
}

}  // namespace

void TableLowering::lower_stats(const BoundStats& stats) {
  plan::AggregateRows rows;
  measured_.clear();
  for (const auto& key : stats.keys) {
    rows.keys.push_back(key_column(*key.value, rows, stats.keeps_rows));
    define_key(key.target, rows.keys.back());  // aggregates of the same command may read it: the whole cell of the row
  }
  for (const auto& aggregate : stats.aggregates) lower_aggregate(aggregate, rows);
  if (stats.keeps_rows) {
    add_to_rows(stats, std::move(rows));
  } else {
    replace_rows(stats, std::move(rows));
  }
  for (const auto& aggregate : stats.aggregates) {
    auto expression = expressions_.cell(*aggregate.value);
    if (expression) define_as(aggregate.target, expression);
  }
}

void TableLowering::define_key(const Attribute& key, std::uint32_t column) {
  expressions_.rows_[key.id] = {plan::make(plan::Slot{column, key.name}, key.type), 1};
}

void TableLowering::define_measures(std::uint32_t first) {
  for (const auto& [call, index] : measured_) {
    expressions_.aggregate_slots_[call] = plan::make(plan::Slot{first + index, call->source}, call->type);
  }
}

void TableLowering::lower_aggregate(const BoundStats::Aggregate& aggregate, plan::AggregateRows& rows) {
  std::int32_t filter = -1;
  if (aggregate.filter) {
    auto condition = expressions_.predicate(*aggregate.filter);
    if (!condition) return;
    filter = static_cast<std::int32_t>(
        column_of(plan::make(plan::IsTrue{std::move(condition)}, LogicalType::boolean, aggregate.filter->at)));
  }
  lower_measures(aggregate.value, filter, rows);
}

/// INLINE STATS: the measures come behind the columns of each row.
void TableLowering::add_to_rows(const BoundStats& stats, plan::AggregateRows&& rows) {
  // Rows are held until the last one is in: without what nobody needs.
  const auto moved = drop_unneeded([&](const auto& keep) {
    for (const auto key : rows.keys) keep(key);
    for (const auto& measure : rows.measures) {
      for (const auto argument : measure.arguments) keep(argument);
      if (measure.filter >= 0) keep(static_cast<std::uint32_t>(measure.filter));
    }
  });
  for (auto& key : rows.keys) key = moved.at(key);
  for (auto& measure : rows.measures) {
    for (auto& argument : measure.arguments) argument = moved.at(argument);
    if (measure.filter >= 0) {
      measure.filter = static_cast<std::int32_t>(moved.at(static_cast<std::uint32_t>(measure.filter)));
    }
  }
  for (std::size_t i = 0; i < stats.keys.size(); ++i) define_key(stats.keys[i].target, rows.keys[i]);
  define_measures(width_);
  width_ += static_cast<std::uint32_t>(rows.measures.size());
  emit(plan::AggregateInline{std::move(rows)});
}

/// STATS: of the rows nothing is left but measures and keys. Rules keep which hits are behind a row.
void TableLowering::replace_rows(const BoundStats& stats, plan::AggregateRows&& rows) {
  const auto lineage = static_cast<std::uint32_t>(rows.measures.size());
  if (for_rule_) {
    plan::AggregateRows::Measure hits;
    hits.aggregation = Aggregation::values;
    hits.arguments = {column_of(expressions_.rows_[kLineage].expression)};
    hits.type = hits.argument = LogicalType::long_integer;
    rows.measures.push_back(std::move(hits));
  }
  expressions_.rows_.clear();
  if (for_rule_) {
    expressions_.rows_[kLineage] = {plan::make(plan::Slot{lineage, "hits"}, LogicalType::long_integer), 1};
  }
  const auto measures = static_cast<std::uint32_t>(rows.measures.size());
  for (std::size_t i = 0; i < stats.keys.size(); ++i) {
    define_key(stats.keys[i].target, measures + static_cast<std::uint32_t>(i));
  }
  define_measures(0);
  width_ = measures + static_cast<std::uint32_t>(stats.keys.size());
  const auto order = order_of_filled(rows, stats);
  emit(std::move(rows));
  if (!order.items.empty()) emit(order);
}

/// The column of a key. One that is BUCKET itself may have groups for its empty buckets; INLINE STATS has no rows for
/// them.
std::uint32_t TableLowering::key_column(const Bound& key, plan::AggregateRows& rows, bool keeps_rows) {
  const bool filled = key.operation == Operation::call && key.function->name == "bucket" && key.operands.size() == 5;
  expressions_.has_room_for_empty_buckets_ = filled && !for_rule_;
  const auto value = expressions_.cell(key);
  const std::uint32_t column = column_of(value);
  if (std::exchange(expressions_.has_room_for_empty_buckets_, false) && value && !keeps_rows) {
    if (auto starts = expressions_.bucket_starts(key)) {
      rows.fillings.push_back({static_cast<std::uint32_t>(rows.keys.size()), std::move(*starts)});
    }
  }
  return column;
}

/// With empty buckets groups come by their keys, the buckets last; there is no row that they could come by.
plan::SortRows TableLowering::order_of_filled(const plan::AggregateRows& rows, const BoundStats& stats) {
  plan::SortRows order;
  if (rows.fillings.empty()) return order;
  for (const bool filled : {false, true}) {
    for (std::uint32_t i = 0; i < rows.keys.size(); ++i) {
      if (filled != (std::ranges::find(rows.fillings, i, &plan::AggregateRows::Filling::key) != rows.fillings.end())) {
        continue;
      }
      order.items.push_back(
          {static_cast<std::uint32_t>(rows.measures.size()) + i, false, false, stats.keys[i].target.type});
    }
  }
  return order;
}

/// Every aggregate call below `value` becomes a measure.
void TableLowering::lower_measures(const BoundPtr& value, std::int32_t filter, plan::AggregateRows& rows) {
  if (value->operation == Operation::call && value->function->kind == FunctionKind::aggregate) {
    if (lower_measure(*value, filter, rows)) return;
    // Refused and reported: keeps a place, so that the rest can be looked at.
    rows.measures.push_back({});
    measured_.emplace_back(value.get(), static_cast<std::uint32_t>(rows.measures.size() - 1));
    return;
  }
  for (const auto& operand : value->operands) lower_measures(operand, filter, rows);
}

bool TableLowering::lower_measure(const Bound& call, std::int32_t filter, plan::AggregateRows& rows) {
  const auto* known = std::ranges::find(kAggregates, call.function->name, &AggregateName::name);
  if (known == kAggregates.end()) {
    (void)expressions_.refuse(call, "aggregate function [" + std::string(call.function->name) + "]");
    return false;
  }
  plan::AggregateRows::Measure measure;
  measure.aggregation = known->aggregation;
  measure.filter = filter;
  measure.type = call.type;
  measure.at = call.at;
  if (call.operands.empty()) {
    measure.aggregation = Aggregation::count_rows;
  } else {
    measure.argument = call.operands.front()->type;
  }
  for (std::size_t i = 0; i < std::min(known->columns, call.operands.size()); ++i) {
    auto argument = expressions_.cell(*call.operands[i]);
    if (!argument) return false;
    measure.arguments.push_back(column_of(argument));
  }
  if (measure.aggregation == Aggregation::percentile && !read_percent(call, measure)) return false;
  if (measure.aggregation == Aggregation::top && !(read_limit(call, measure) && read_order(call, measure)))
    return false;
  if (measure.aggregation == Aggregation::sample) {
    if (!read_limit(call, measure)) return false;
    measure.argument = LogicalType::long_integer;  // values are chosen by the hashes of their places
  }
  measured_.emplace_back(&call, static_cast<std::uint32_t>(rows.measures.size()));
  rows.measures.push_back(std::move(measure));
  return true;
}

bool TableLowering::read_percent(const Bound& call, plan::AggregateRows::Measure& measure) {
  const Bound& percent = *call.operands[1];
  const auto number = percent.constant_number();
  if (!number || *number < 0 || *number > 100) {
    reporter_.error(codes::kValue, percent.at, "the percentile must be a number from 0 to 100");
    return false;
  }
  measure.parameter = *number;
  return true;
}

/// How many values TOP and SAMPLE give. The ceiling bounds what one group may hold.
bool TableLowering::read_limit(const Bound& call, plan::AggregateRows::Measure& measure) {
  const Bound& limit = *call.operands[1];
  const auto number = limit.constant_number();
  if (!number || *number < 1 || *number > 10'000) {
    reporter_.error(codes::kValue, limit.at, "Limit must be greater than 0 and at most 10000 in [" + call.source + "]");
    return false;
  }
  measure.parameter = *number;
  measure.descending = false;
  return true;
}

/// TOP's order, and the column whose values it gives if that is another one.
bool TableLowering::read_order(const Bound& call, plan::AggregateRows::Measure& measure) {
  if (call.operands.size() > 2) {
    const auto descending = is_descending(*call.operands[2]);
    if (!descending) {
      reporter_.error(codes::kValue, call.operands[2]->at, "Invalid order value in [" + call.source + "]",
                      "\"asc\" or \"desc\"");
      return false;
    }
    measure.descending = *descending;
  }
  if (call.operands.size() > 3) {
    auto output = expressions_.cell(*call.operands[3]);
    if (!output) return false;
    measure.arguments.push_back(column_of(output));
  }
  return true;
}

}  // namespace trailhound::esql
