#include "engine/table/row_wise.h"

#include <iterator>
#include <utility>
#include <variant>

#include "engine/evaluator.h"
#include "engine/extraction.h"
#include "engine/table/join_rows.h"

namespace trailhound::engine {
namespace {

class Filter final : public RowSink {
 public:
  Filter(const plan::FilterRows& command, const TableContext& context, RowSink& next)
      : command_(command), evaluator_(context), next_(next) {}
  Status add(Row&& row) override {
    return evaluator_.is_true(command_.condition, row) ? next_.add(std::move(row)) : Status();
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  const plan::FilterRows& command_;
  RowEvaluator evaluator_;
  RowSink& next_;
};

class Compute final : public RowSink {
 public:
  Compute(const plan::ComputeColumns& command, const TableContext& context, RowSink& next)
      : command_(command), evaluator_(context), next_(next) {}
  Status add(Row&& row) override {
    row.reserve(row.size() + command_.expressions.size());
    for (const plan::Expr& expression : command_.expressions) {
      Values value = evaluator_.value(expression, row);
      row.push_back(std::move(value));
    }
    return next_.add(std::move(row));
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  const plan::ComputeColumns& command_;
  RowEvaluator evaluator_;
  RowSink& next_;
};

class Project final : public RowSink {
 public:
  Project(const plan::ProjectColumns& command, RowSink& next) : command_(command), next_(next) {}
  Status add(Row&& row) override {
    Row chosen;
    chosen.reserve(command_.columns.size());
    for (const std::uint32_t column : command_.columns) {
      chosen.push_back(column < row.size() ? row[column] : Values());
    }
    return next_.add(std::move(chosen));
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  const plan::ProjectColumns& command_;
  RowSink& next_;
};

class Expand final : public RowSink {
 public:
  Expand(const plan::ExpandColumn& command, RowSink& next) : command_(command), next_(next) {}
  Status add(Row&& row) override {
    if (command_.column >= row.size() || row[command_.column].size() < 2) return next_.add(std::move(row));
    const Values values = std::move(row[command_.column]);
    for (const Value& value : values) {
      if (!next_.wants_more()) break;  // a LIMIT behind several of these would else see them all
      Row copy = row;
      copy[command_.column] = {value};
      TRY_VOID(next_.add(std::move(copy)));
    }
    return {};
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  const plan::ExpandColumn& command_;
  RowSink& next_;
};

class Extract final : public RowSink {
 public:
  Extract(const plan::ExtractColumns& command, Result<Extractor> extractor, RowSink& next)
      : command_(command), extractor_(std::move(extractor)), next_(next) {}
  Status add(Row&& row) override {
    if (!extractor_) return std::unexpected(extractor_.error());
    std::vector<Values> found = extractor_->extract(row[command_.input]);
    row.insert(row.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    return next_.add(std::move(row));
  }
  Status finish() override { return next_.finish(); }
  bool wants_more() const override { return next_.wants_more(); }

 private:
  const plan::ExtractColumns& command_;
  Result<Extractor> extractor_;
  RowSink& next_;
};

bool is_row_wise(const plan::TableCommand& command) {
  return std::holds_alternative<plan::FilterRows>(command) || std::holds_alternative<plan::ComputeColumns>(command) ||
         std::holds_alternative<plan::ProjectColumns>(command) || std::holds_alternative<plan::ExpandColumn>(command) ||
         std::holds_alternative<plan::ExtractColumns>(command) || std::holds_alternative<plan::JoinRows>(command);
}

}  // namespace

Values RowEvaluator::value(const plan::Expr& expression, const Row& row) {
  arena_.reset();
  EvaluationContext context{
      .slots = row, .run_time = context_->run_time, .arena = arena_, .failures = context_->warnings};
  return to_values(evaluate(expression, context));
}

bool RowEvaluator::is_true(const plan::Expr& condition, const Row& row) {
  arena_.reset();
  EvaluationContext context{
      .slots = row, .run_time = context_->run_time, .arena = arena_, .failures = context_->warnings};
  return truth(condition, context) == Truth::yes;
}

std::size_t count_row_wise(const std::vector<plan::Pipeline::Step>& steps, std::size_t first) {
  std::size_t last = first;
  while (last < steps.size() && is_row_wise(steps[last].command)) ++last;
  return last - first;
}

std::unique_ptr<RowSink> make_row_wise(const plan::Pipeline::Step& step, const TableContext& context, RowSink& next) {
  if (const auto* filter = std::get_if<plan::FilterRows>(&step.command)) {
    return std::make_unique<Filter>(*filter, context, next);
  }
  if (const auto* compute = std::get_if<plan::ComputeColumns>(&step.command)) {
    return std::make_unique<Compute>(*compute, context, next);
  }
  if (const auto* project = std::get_if<plan::ProjectColumns>(&step.command)) {
    return std::make_unique<Project>(*project, next);
  }
  if (const auto* extract = std::get_if<plan::ExtractColumns>(&step.command)) {
    return std::make_unique<Extract>(*extract, Extractor::compile(extract->extraction), next);
  }
  if (const auto* join = std::get_if<plan::JoinRows>(&step.command)) return make_join(*join, context, next);
  return std::make_unique<Expand>(std::get<plan::ExpandColumn>(step.command), next);
}

}  // namespace trailhound::engine
