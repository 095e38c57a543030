#include "lang/esql/table_lowering.h"

#include <algorithm>
#include <utility>

#include "base/overloaded.h"
#include "lang/esql/codes.h"
#include "lang/esql/table_lowering_state.h"

namespace trailhound::esql {
namespace {

const plan::Slot* slot_of(const plan::Expr& expression) {
  return expression ? std::get_if<plan::Slot>(&expression->node) : nullptr;
}

}  // namespace

std::optional<plan::Pipeline> lower_table(const BoundQuery& query, Reporter& reporter, const LoweringOptions& options) {
  return TableLowering(query, reporter, options).run();
}

// ---- what is needed -------------------------------------------------------------------------------------------------

void TableLowering::collect(const BoundPtr& expression, Attributes& into) const {
  if (!expression) return;
  if (expression->operation == Operation::attribute) into.insert(expression->attribute);
  for (const auto& operand : expression->operands) collect(operand, into);
}

/// From the last command to the first: which attributes are needed behind each of them.
void TableLowering::find_needs() {
  Attributes needed;
  for (const auto& column : query_.columns) needed.insert(column.id);
  needed.insert(identity_.begin(), identity_.end());
  if (for_rule_) needed.insert(kLineage);
  needed_after_.resize(query_.steps.size());
  for (std::size_t i = query_.steps.size(); i-- > 0;) {
    needed_after_[i] = needed;
    find_needs_before(query_.steps[i], needed);
    if (for_rule_) needed.insert(kLineage);
  }
  needed_at_start_ = std::move(needed);
}

void TableLowering::find_needs_before(const BoundStep& step, Attributes& needed) const {
  std::visit(Overloaded{[&](const BoundFilter& node) { collect(node.condition, needed); },
                        [&](const BoundEval& node) {
                          for (auto at = node.assignments.rbegin(); at != node.assignments.rend(); ++at) {
                            if (needed.erase(at->target.id) > 0) collect(at->value, needed);
                          }
                        },
                        [&](const BoundStats& node) {
                          if (!node.keeps_rows) needed.clear();
                          for (const auto& aggregate : node.aggregates) needed.erase(aggregate.target.id);
                          for (const auto& aggregate : node.aggregates) {
                            collect(aggregate.value, needed);
                            collect(aggregate.filter, needed);
                          }
                          for (const auto& key : node.keys) needed.erase(key.target.id);
                          for (const auto& key : node.keys) collect(key.value, needed);
                        },
                        [&](const BoundSort& node) {
                          for (const auto& item : node.items) collect(item.key, needed);
                        },
                        [&](const BoundLimit& node) {
                          for (const auto& key : node.keys) collect(key, needed);
                        },
                        [&](const BoundRow&) { needed.clear(); }, [&](const BoundTable&) { needed.clear(); },
                        [&](const BoundExpand& node) {
                          needed.erase(node.target.id);
                          needed.insert(node.source);
                        },
                        [&](const BoundDedup& node) { needed.insert(node.columns.begin(), node.columns.end()); },
                        [&](const BoundExtract& node) {
                          for (const auto& target : node.targets) needed.erase(target.id);
                          collect(node.input, needed);
                        },
                        [&](const BoundJoin& node) {
                          collect(node.condition, needed);
                          for (const auto& target : node.targets) needed.erase(target.id);
                          for (const auto& key : node.keys) collect(key, needed);
                        },
                        [](const BoundSample&) {}, [](const BoundOther&) {}},
             step.node);
}

// ---- the pipeline ---------------------------------------------------------------------------------------------------

std::optional<plan::Pipeline> TableLowering::run() {
  const std::size_t errors = reporter_.errors();
  find_needs();
  std::size_t first = 0;
  const bool from_events = query_.steps.empty() || (!std::holds_alternative<BoundRow>(query_.steps.front().node) &&
                                                    !std::holds_alternative<BoundTable>(query_.steps.front().node));
  if (from_events) first = lower_source();
  lower_steps(first);
  if (reporter_.errors() > errors) return std::nullopt;
  std::vector<std::uint32_t> columns;
  for (const auto& column : query_.columns) {
    columns.push_back(column_of(expressions_.rows_[column.id].expression));
    pipeline_.output.push_back({column.name, column.type});
  }
  emit(plan::ProjectColumns{std::move(columns)});
  return std::move(pipeline_);
}

void TableLowering::lower_steps(std::size_t first) {
  for (std::size_t i = first; i < query_.steps.size(); ++i) {
    needed_ = &needed_after_[i];
    at_ = query_.steps[i].at;
    lower_step(query_.steps[i]);
  }
}

/// FROM and the WHEREs directly behind it; the number of steps that were used up.
std::size_t TableLowering::lower_source() {
  pipeline_.source.kind = plan::TableSource::Kind::events;
  expressions_.define_sources();
  std::vector<plan::Expr> conditions;
  std::size_t used = 0;
  expressions_.stage_ = Lowering::Stage::events;
  for (; used < query_.steps.size(); ++used) {
    const auto* filter = std::get_if<BoundFilter>(&query_.steps[used].node);
    if (!filter) break;
    if (auto condition = expressions_.predicate(*filter->condition)) conditions.push_back(std::move(condition));
  }
  expressions_.stage_ = Lowering::Stage::rows;
  if (!conditions.empty()) pipeline_.source.filter = expressions_.filter_of(std::move(conditions));
  define_source_columns(
      used, [&](plan::Expr column, const std::string&) { pipeline_.source.columns.push_back(std::move(column)); });
  return used;
}

/// The source's columns that are needed behind the first `used` steps are the first ones of the row.
void TableLowering::define_source_columns(std::size_t used,
                                          const std::function<void(plan::Expr, const std::string&)>& take) {
  const Attributes& needed = used == 0 ? needed_at_start_ : needed_after_[used - 1];
  for (const auto& source : query_.sources) {
    if (!needed.contains(source.id)) continue;
    const auto& expression = expressions_.events_[source.id].expression;
    define(source.id, source.column ? source.column->name : "", expression->type);
    take(expression, source.column ? source.column->name : "constant " + std::to_string(source.id));
  }
}

void TableLowering::lower_step(const BoundStep& step) {
  std::visit(
      Overloaded{
          [&](const BoundFilter& node) {
            auto condition = expressions_.predicate(*node.condition);
            if (condition) emit(plan::FilterRows{std::move(condition)});
          },
          [&](const BoundEval& node) { lower_assignments(node.assignments); },
          [&](const BoundRow& node) { lower_assignments(node.assignments); },
          [&](const BoundTable& node) {
            pipeline_.source.kind = plan::TableSource::Kind::rows;
            for (const auto& column : node.columns) define(column.id, column.name, column.type);
          },
          [&](const BoundStats& node) { lower_stats(node); }, [&](const BoundSort& node) { lower_sort(node); },
          [&](const BoundLimit& node) { lower_limit(node); }, [&](const BoundExpand& node) { lower_expand(node); },
          [&](const BoundExtract& node) { lower_extract(node); }, [&](const BoundJoin& node) { lower_join(node); },
          [&](const BoundSample& node) { emit(plan::SampleRows{node.probability}); },
          [&](const BoundDedup& node) {
            plan::DistinctRows distinct;
            for (const auto id : node.columns) {
              distinct.columns.push_back(column_of(expressions_.rows_[id].expression));
            }
            emit(std::move(distinct));
          },
          [&](const BoundOther&) {
            reporter_.error(codes::kNotSupported, step.at, step.name + " is not supported yet");
          }},
      step.node);
}

void TableLowering::lower_assignments(const std::vector<BoundEval::Assignment>& assignments) {
  const std::vector<bool> needed = needed_among(assignments);
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    // What only unneeded assignments read is not there.
    if (!needed[i]) continue;
    auto expression = expressions_.cell(*assignments[i].value);
    if (!expression) {
      // Refused and reported; what follows may have something to report as well.
      expression = plan::make(plan::Literal{}, assignments[i].target.type);
    }
    define_as(assignments[i].target, expression);
  }
}

/// Which of them anything reads behind the command, or in a later assignment that is read itself.
std::vector<bool> TableLowering::needed_among(const std::vector<BoundEval::Assignment>& assignments) const {
  Attributes needed = *needed_;
  std::vector<bool> among(assignments.size());
  for (std::size_t i = assignments.size(); i-- > 0;) {
    among[i] = needed.erase(assignments[i].target.id) > 0;
    if (among[i]) collect(assignments[i].value, needed);
  }
  return among;
}

void TableLowering::lower_sort(const BoundSort& sort) {
  plan::SortRows rows;
  for (const auto& item : sort.items) {
    const std::uint32_t column = column_of(expressions_.cell(*item.key));
    rows.items.push_back({column, item.descending, item.nulls_first, item.key->type});
  }
  const auto moved = drop_unneeded([&](const auto& keep) {
    for (const auto& item : rows.items) keep(item.column);
  });
  for (auto& item : rows.items) item.column = moved.at(item.column);
  emit(std::move(rows));
}

void TableLowering::lower_limit(const BoundLimit& limit) {
  plan::LimitRows rows;
  rows.count = static_cast<std::uint64_t>(limit.count);
  for (const auto& key : limit.keys) rows.keys.push_back(column_of(expressions_.cell(*key)));
  if (limit.keys.empty()) pipeline_.limited = true;
  const auto moved = drop_unneeded([&](const auto& keep) {
    for (const auto key : rows.keys) keep(key);
  });
  for (auto& key : rows.keys) key = moved.at(key);
  emit(std::move(rows));
}

void TableLowering::lower_expand(const BoundExpand& expand) {
  const std::uint32_t source = column_of(expressions_.rows_[expand.source].expression);
  // The column itself may still be needed as a whole, under another name.
  const std::uint32_t column = append_column(plan::make(plan::Slot{source, expand.target.name}, expand.target.type));
  expressions_.rows_[expand.target.id] = {plan::make(plan::Slot{column, expand.target.name}, expand.target.type), 1};
  // Each value gets a copy of the row: without the list, if nobody needs that.
  const auto moved = drop_unneeded([&](const auto& keep) { keep(column); });
  emit(plan::ExpandColumn{moved.at(column)});
}

void TableLowering::lower_extract(const BoundExtract& extract) {
  plan::ExtractColumns command;
  command.input = column_of(expressions_.cell(*extract.input));
  command.extraction = extract.extraction;
  emit(std::move(command));
  for (const auto& target : extract.targets) define(target.id, target.name, target.type);
}

void TableLowering::lower_join(const BoundJoin& join) {
  plan::JoinRows command;
  command.table = join.table;
  command.table_keys = join.table_keys;
  command.gather = join.gather;
  command.at = at_;
  for (const auto& key : join.keys) command.keys.push_back(column_of(expressions_.cell(*key)));
  command.columns = join.columns;
  for (const auto& target : join.targets) define(target.id, target.name, target.type);
  if (join.condition) {
    // The condition reads the columns that the join itself appends.
    command.condition = expressions_.predicate(*join.condition);
  }
  emit(std::move(command));
}

// ---- columns of the row ---------------------------------------------------------------------------------------------

void TableLowering::emit(plan::TableCommand command) { pipeline_.steps.push_back({std::move(command), at_}); }

void TableLowering::define(AttributeId id, const std::string& name, LogicalType type) {
  expressions_.rows_[id] = {plan::make(plan::Slot{width_++, name}, type), 1};
}

std::uint32_t TableLowering::append_column(plan::Expr expression) {
  auto* last = pipeline_.steps.empty() ? nullptr : std::get_if<plan::ComputeColumns>(&pipeline_.steps.back().command);
  if (!last || pipeline_.steps.back().at.line != at_.line || pipeline_.steps.back().at.column != at_.column) {
    emit(plan::ComputeColumns{});
    last = &std::get<plan::ComputeColumns>(pipeline_.steps.back().command);
  }
  last->expressions.push_back(std::move(expression));
  return width_++;
}

/// The column that holds the value: the one it is read from, or a new one that is computed.
std::uint32_t TableLowering::column_of(const plan::Expr& expression) {
  if (!expression) return append_column(plan::make(plan::Literal{}, LogicalType::null));
  if (const auto* slot = slot_of(expression)) return slot->index;
  return append_column(expression);
}

void TableLowering::define_as(const Attribute& target, const plan::Expr& expression) {
  // A plain column needs no copy; its type may have changed (text acts as keyword).
  const std::uint32_t column = column_of(expression);
  expressions_.rows_[target.id] = {plan::make(plan::Slot{column, target.name}, target.type), 1};
}

/// Projects the row to the columns that are needed from here on and those that `keep_more` names. The result tells
/// where each of them went.
std::map<std::uint32_t, std::uint32_t> TableLowering::drop_unneeded(
    const std::function<void(const std::function<void(std::uint32_t)>&)>& keep_more) {
  std::map<std::uint32_t, std::uint32_t> moved;
  std::vector<std::uint32_t> columns;
  const std::function<void(std::uint32_t)> keep = [&](std::uint32_t column) {
    if (moved.emplace(column, static_cast<std::uint32_t>(columns.size())).second) columns.push_back(column);
  };
  for (auto& [id, definition] : expressions_.rows_) {
    if (!needed_->contains(id)) continue;
    if (const auto* slot = slot_of(definition.expression)) keep(slot->index);
  }
  keep_more(keep);
  for (auto at = expressions_.rows_.begin(); at != expressions_.rows_.end();) {
    const auto* slot = needed_->contains(at->first) ? slot_of(at->second.expression) : nullptr;
    if (!slot) {
      at = expressions_.rows_.erase(at);
      continue;
    }
    at->second.expression = plan::make(plan::Slot{moved.at(slot->index), slot->name}, at->second.expression->type);
    ++at;
  }
  width_ = static_cast<std::uint32_t>(columns.size());
  emit(plan::ProjectColumns{std::move(columns)});
  return moved;
}

}  // namespace trailhound::esql
