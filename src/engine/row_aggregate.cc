#include "engine/row_aggregate.h"

#include <cmath>
#include <limits>

namespace trailhound::engine {

namespace {

using MeasureKind = plan::RunAggregate::Aggregation;

bool is_number(const Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

double to_double(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  return std::get<double>(value);
}

double compensated_sum(const Queue<double>& values, double start) {
  double sum = start;
  double lost = 0;
  for (const double value : values) {
    const double next = sum + value;
    if (std::isfinite(next)) lost += std::abs(sum) >= std::abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }
  return sum + lost;
}

}  // namespace

bool ValueLess::operator()(const Value& a, const Value& b) const {
  if (a.index() != b.index() && is_number(a) && is_number(b) && to_double(a) != to_double(b)) {
    return to_double(a) < to_double(b);
  }
  return compare_values(a, b) < 0;
}

bool RowAggregate::counts(std::span<const Values> arguments) const {
  if (!measure_->filter) return true;
  if (*measure_->filter >= arguments.size()) return false;
  const Values& truth = arguments[*measure_->filter];
  return truth.size() == 1 && truth[0] == Value(true);
}

bool RowAggregate::keeps_distinct() const {
  return measure_->aggregation == MeasureKind::count_distinct || measure_->aggregation == MeasureKind::values ||
         measure_->aggregation == MeasureKind::min || measure_->aggregation == MeasureKind::max;
}

void RowAggregate::add(std::span<const Values> arguments) {
  if (!counts(arguments)) return;
  ++rows_;
  if (measure_->aggregation == MeasureKind::count_rows || measure_->argument >= arguments.size()) return;
  for (const Value& value : arguments[measure_->argument]) {
    if (is_null(value)) continue;
    ++values_;
    if (keeps_distinct()) {
      ++distinct_[value];
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      integer_sum_ += *integer;
    } else if (const auto* real = std::get_if<double>(&value)) {
      reals_.push_back(*real);
    }
  }
}

void RowAggregate::remove(std::span<const Values> arguments) {
  if (!counts(arguments)) return;
  --rows_;
  if (measure_->aggregation == MeasureKind::count_rows || measure_->argument >= arguments.size()) return;
  for (const Value& value : arguments[measure_->argument]) {
    if (is_null(value)) continue;
    --values_;
    if (keeps_distinct()) {
      const auto found = distinct_.find(value);
      if (found != distinct_.end() && --found->second == 0) distinct_.erase(found);
    } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      integer_sum_ -= *integer;
    } else if (std::holds_alternative<double>(value) && !reals_.empty()) {
      reals_.pop_front();
    }
  }
}

Values RowAggregate::sum() const {
  if (values_ == 0) return {};
  if (reals_.empty() && measure_->type != plan::LogicalType::real) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
    if (integer_sum_ < kLeast || integer_sum_ > kMost) return {};
    return {static_cast<std::int64_t>(integer_sum_)};
  }
  return {compensated_sum(reals_, static_cast<double>(integer_sum_))};
}

Values RowAggregate::average() const {
  if (values_ == 0) return {};
  return {compensated_sum(reals_, static_cast<double>(integer_sum_)) / static_cast<double>(values_)};
}

Values RowAggregate::value() const {
  switch (measure_->aggregation) {
    case MeasureKind::count_rows:
      return {static_cast<std::int64_t>(rows_)};
    case MeasureKind::count:
      return {static_cast<std::int64_t>(values_)};
    case MeasureKind::count_distinct:
      return {static_cast<std::int64_t>(distinct_.size())};
    case MeasureKind::values: {
      Values all;
      for (const auto& [value, count] : distinct_) all.push_back(value);
      return all;
    }
    case MeasureKind::min:
      return distinct_.empty() ? Values{} : Values{distinct_.begin()->first};
    case MeasureKind::max:
      return distinct_.empty() ? Values{} : Values{distinct_.rbegin()->first};
    case MeasureKind::sum:
      return sum();
    case MeasureKind::average:
      return average();
  }
  return {};
}

}  // namespace trailhound::engine
