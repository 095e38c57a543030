#include "plan/pipeline_form.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/number_text.h"
#include "plan/expression_form.h"

namespace trailhound::plan {
namespace {

constexpr std::string_view kAggregateNames[] = {"count_rows",
                                                "count",
                                                "count_distinct",
                                                "values",
                                                "min",
                                                "max",
                                                "sum",
                                                "average",
                                                "median",
                                                "percentile",
                                                "median_absolute_deviation",
                                                "standard_deviation",
                                                "variance",
                                                "top",
                                                "first",
                                                "last",
                                                "present",
                                                "absent",
                                                "sample"};

Form shortest_real(double n) { return atom(real_text(n)); }

std::vector<Form> indexes(const std::vector<std::uint32_t>& numbers) {
  std::vector<Form> forms;
  for (const auto n : numbers) forms.push_back(number_form(n));
  return forms;
}

Form typed(Form form, LogicalType type) {
  if (type != LogicalType::any) form.type = event::name_of(type);
  return form;
}

Form form_of(const AggregateRows::Measure& measure) {
  std::vector<Form> parts{atom(kAggregateNames[static_cast<std::size_t>(measure.aggregation)])};
  for (const auto argument : measure.arguments) parts.push_back(number_form(argument));
  if (measure.filter >= 0) parts.push_back(list("where", {number_form(static_cast<std::uint32_t>(measure.filter))}));
  if (measure.parameter != 0) parts.push_back(list("parameter", {shortest_real(measure.parameter)}));
  if (!measure.descending) parts.push_back(list("ascending"));
  if (measure.argument != LogicalType::any) parts.push_back(list("of", {typed(list("type"), measure.argument)}));
  return typed(list("measure", std::move(parts)), measure.type);
}

Form aggregate_form(std::string_view head, const AggregateRows& rows) {
  std::vector<Form> parts;
  for (const auto& measure : rows.measures) parts.push_back(form_of(measure));
  parts.push_back(list("keys", indexes(rows.keys)));
  for (const auto& filling : rows.fillings) {
    parts.push_back(
        list("filled", {number_form(filling.key), to_form(make(Literal{filling.values}, LogicalType::any))}));
  }
  return list(head, std::move(parts));
}

struct CommandFormMaker {
  Form operator()(const FilterRows& c) const { return list("filter", {to_form(c.condition)}); }
  Form operator()(const ComputeColumns& c) const {
    std::vector<Form> parts;
    for (const Expr& expression : c.expressions) parts.push_back(to_form(expression));
    return list("compute", std::move(parts));
  }
  Form operator()(const ProjectColumns& c) const { return list("project", indexes(c.columns)); }
  Form operator()(const AggregateRows& c) const { return aggregate_form("aggregate", c); }
  Form operator()(const AggregateInline& c) const { return aggregate_form("aggregate_inline", c.aggregate); }
  Form operator()(const SortRows& c) const {
    std::vector<Form> parts;
    for (const auto& item : c.items) {
      std::vector<Form> of_item{number_form(item.column)};
      if (item.nulls_first) of_item.push_back(atom("nulls_first"));
      parts.push_back(typed(list(item.descending ? "desc" : "asc", std::move(of_item)), item.type));
    }
    return list("sort", std::move(parts));
  }
  Form operator()(const LimitRows& c) const {
    std::vector<Form> parts = indexes(c.keys);
    parts.insert(parts.begin(), atom(std::to_string(c.count)));
    return list("limit", std::move(parts));
  }
  Form operator()(const ExpandColumn& c) const { return list("expand", {number_form(c.column)}); }
  Form operator()(const SampleRows& c) const { return list("sample", {shortest_real(c.probability)}); }
  Form operator()(const DistinctRows& c) const { return list("distinct", indexes(c.columns)); }
  Form operator()(const ExtractColumns& c) const {
    return list("extract", {number_form(c.input), to_form(c.extraction)});
  }
  Form operator()(const JoinRows& c) const { return list("join", {string_form(c.table ? c.table->name : "")}); }
};

class PipelineReader {
 public:
  PipelineReader(std::string_view text, const ColumnResolver& columns) : text_(text), columns_(columns) {}

  Result<Pipeline> read(const Form& form) const {
    Pipeline pipeline;
    for (const Form& part : parts(form)) {
      if (part.head() == "columns") {
        for (const Form& column : parts(part)) {
          TRY(const LogicalType type, type_of(column));
          if (column.items.size() != 1) return error_at(column, text_, "(\"name\")::type is expected");
          pipeline.output.push_back({column.items[0].text, type});
        }
        continue;
      }
      TRY(auto command, read_command(part));
      pipeline.steps.push_back({std::move(command), {}});
    }
    return pipeline;
  }

 private:
  static std::span<const Form> parts(const Form& form) {
    return form.items.empty() ? std::span<const Form>() : std::span(form.items).subspan(1);
  }
  template <class Number>
  Result<Number> number(const Form& form) const {
    const auto read = form.kind == Form::Kind::atom ? number_in<Number>(form.text) : std::nullopt;
    if (!read) return error_at(form, text_, "a number is expected");
    return *read;
  }
  Result<std::vector<std::uint32_t>> numbers(std::span<const Form> forms) const {
    std::vector<std::uint32_t> list;
    for (const Form& form : forms) {
      TRY(const auto n, number<std::uint32_t>(form));
      list.push_back(n);
    }
    return list;
  }
  Result<LogicalType> type_of(const Form& form) const {
    if (form.type.empty()) return LogicalType::any;
    const auto type = type_named(form.type);
    if (!type) return error_at(form, text_, "an unknown type");
    return *type;
  }
  Result<const Form*> only(const Form& form) const {
    if (parts(form).size() != 1) return error_at(form, text_, "exactly one operand is expected");
    return &parts(form).front();
  }

  Result<AggregateRows::Measure> measure(const Form& form) const {
    AggregateRows::Measure out;
    const int name = form.items.size() > 1 ? index_of(form.items[1].text, kAggregateNames) : -1;
    if (name < 0) return error_at(form, text_, "an unknown aggregate");
    out.aggregation = static_cast<AggregateRows::Aggregation>(name);
    TRY(out.type, type_of(form));
    for (const Form& part : parts(form).subspan(1)) {
      if (part.kind == Form::Kind::atom) {
        TRY(const auto argument, number<std::uint32_t>(part));
        out.arguments.push_back(argument);
      } else if (part.head() == "where") {
        TRY(const Form* filter, only(part));
        TRY(out.filter, number<std::int32_t>(*filter));
      } else if (part.head() == "parameter") {
        TRY(const Form* parameter, only(part));
        TRY(out.parameter, number<double>(*parameter));
      } else if (part.head() == "ascending") {
        out.descending = false;
      } else if (part.head() == "of") {
        TRY(const Form* type, only(part));
        TRY(out.argument, type_of(*type));
      } else {
        return error_at(part, text_, "this is no part of a measure");
      }
    }
    return out;
  }

  Result<AggregateRows::Filling> filling_of(const Form& form) const {
    AggregateRows::Filling out;
    if (parts(form).size() != 2) return error_at(form, text_, "(filled key values) is expected");
    TRY(out.key, number<std::uint32_t>(parts(form)[0]));
    TRY(const auto values, read_expression(parts(form)[1], text_, columns_));
    const auto* literal = std::get_if<Literal>(&values->node);
    if (literal == nullptr) return error_at(form, text_, "the values must be constants");
    out.values = literal->values;
    return out;
  }

  Result<AggregateRows> aggregate(const Form& form) const {
    AggregateRows out;
    for (const Form& part : parts(form)) {
      if (part.head() == "keys") {
        TRY(out.keys, numbers(parts(part)));
      } else if (part.head() == "filled") {
        TRY(auto filling, filling_of(part));
        out.fillings.push_back(std::move(filling));
      } else {
        TRY(auto one, measure(part));
        out.measures.push_back(std::move(one));
      }
    }
    return out;
  }

  Result<SortRows> sort(const Form& form) const {
    SortRows out;
    for (const Form& part : parts(form)) {
      SortRows::Item item;
      item.descending = part.head() == "desc";
      if (part.items.size() < 2 || (!item.descending && part.head() != "asc")) {
        return error_at(part, text_, "(asc column) or (desc column) is expected");
      }
      TRY(item.column, number<std::uint32_t>(part.items[1]));
      item.nulls_first = part.items.size() > 2 && part.items[2].is_atom("nulls_first");
      TRY(item.type, type_of(part));
      out.items.push_back(item);
    }
    return out;
  }

  Result<TableCommand> read_command(const Form& form) const {
    const std::string_view head = form.head();
    if (head == "filter") {
      TRY(const Form* operand, only(form));
      TRY(auto condition, read_expression(*operand, text_, columns_));
      return FilterRows{std::move(condition)};
    }
    if (head == "compute") {
      ComputeColumns out;
      for (const Form& part : parts(form)) {
        TRY(auto expression, read_expression(part, text_, columns_));
        out.expressions.push_back(std::move(expression));
      }
      return out;
    }
    if (head == "aggregate" || head == "aggregate_inline") {
      TRY(auto rows, aggregate(form));
      if (head == "aggregate") return rows;
      return AggregateInline{std::move(rows)};
    }
    if (head == "sort") return sort(form);
    if (head == "extract") {
      if (form.items.size() != 3) return error_at(form, text_, "(extract column extraction) is expected");
      TRY(const auto input, number<std::uint32_t>(form.items[1]));
      TRY(auto extraction, read_extraction(form.items[2]));
      return ExtractColumns{input, std::move(extraction)};
    }
    if (head == "limit") {
      if (form.items.size() < 2) return error_at(form, text_, "(limit count) is expected");
      TRY(const auto count, number<std::uint64_t>(form.items[1]));
      TRY(auto keys, numbers(parts(form).subspan(1)));
      return LimitRows{count, std::move(keys)};
    }
    if (head == "sample") {
      TRY(const Form* probability, only(form));
      TRY(const double p, number<double>(*probability));
      return SampleRows{p};
    }
    if (head == "project" || head == "distinct" || head == "expand") {
      TRY(auto columns, numbers(parts(form)));
      if (head == "project") return ProjectColumns{std::move(columns)};
      if (head == "distinct") return DistinctRows{std::move(columns)};
      if (columns.size() == 1) return ExpandColumn{columns.front()};
    }
    return error_at(form, text_, "this is no command of a pipeline");
  }

  std::string_view text_;
  const ColumnResolver& columns_;
};

}  // namespace

Form to_form(const Pipeline& pipeline) {
  std::vector<Form> columns;
  for (const auto& column : pipeline.output) {
    Form form;
    form.kind = Form::Kind::list;
    form.items = {string_form(column.name)};
    columns.push_back(typed(std::move(form), column.type));
  }
  std::vector<Form> parts{list("columns", std::move(columns))};
  for (const auto& step : pipeline.steps) parts.push_back(std::visit(CommandFormMaker{}, step.command));
  return list("pipeline", std::move(parts));
}

Result<Pipeline> read_pipeline(const Form& form, std::string_view text, const ColumnResolver& columns) {
  return PipelineReader(text, columns).read(form);
}

bool equal(const Pipeline& a, const Pipeline& b) { return to_text(to_form(a)) == to_text(to_form(b)); }

}  // namespace trailhound::plan
