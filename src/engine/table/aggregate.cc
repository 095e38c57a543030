#include "engine/table/aggregate.h"

#include "base/hash.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace trailhound::engine {
namespace {

using RowsKind = plan::AggregateRows::Aggregation;
using plan::LogicalType;

double to_double(const Value& value, LogicalType type) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    return type == LogicalType::unsigned_long ? static_cast<double>(static_cast<std::uint64_t>(*whole))
                                              : static_cast<double>(*whole);
  }
  const auto* real = std::get_if<double>(&value);
  return real ? *real : 0;
}

/// Type 7: between the two neighbours, by the fraction. REQUIRES: sorted, not empty.
double quantile_of(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  if (below + 1 >= sorted.size()) return sorted.back();
  const double fraction = at - static_cast<double>(below);
  return sorted[below] + (sorted[below + 1] - sorted[below]) * fraction;
}

Values real_or_null(double value) { return std::isfinite(value) ? Values{value} : Values{}; }

}  // namespace

void LongSum::add(double value) {
  const double next = high + value;
  const double part = next - high;
  low += (high - (next - part)) + (value - part);
  high = next;
}

void LongSum::add_square(double value) {
  const double square = value * value;
  const double lost = std::fma(value, value, -square);
  add(square);
  low += lost;
}

void LongSum::add(const LongSum& other) {
  add(other.high);
  low += other.low;
}

bool TableAggregate::better(const Value& a, const Value& b) const {
  const int order = compare_typed(measure_->argument, a, b);
  return measure_->aggregation == RowsKind::min ? order < 0 : order > 0;
}

/// Of `top`: in the order in which the values are given.
bool TableAggregate::comes_before(const Value& a, const Value& b) const {
  const int order = compare_typed(measure_->argument, a, b);
  return measure_->descending ? order > 0 : order < 0;
}

std::size_t TableAggregate::add(const Row& row, std::string_view position) {
  if (measure_->filter >= 0) {
    const Values& truth = row[static_cast<std::size_t>(measure_->filter)];
    if (truth.size() != 1 || truth[0] != Value(true)) return 0;
  }
  const auto cell = [&](std::size_t argument) -> const Values& { return row[measure_->arguments[argument]]; };
  switch (measure_->aggregation) {
    case RowsKind::count_rows:
      ++count_;
      return 0;
    case RowsKind::count:
    case RowsKind::present:
    case RowsKind::absent:
      count_ += cell(0).size();
      return 0;
    case RowsKind::first:
    case RowsKind::last: {
      const Values& order = cell(1);
      Value chosen;
      for (const Value& value : order) {
        const int compared = is_null(chosen) ? 0 : compare_values(value, chosen);
        if (is_null(chosen) || (measure_->aggregation == RowsKind::first ? compared < 0 : compared > 0)) chosen = value;
      }
      return add_chosen(chosen, cell(0), position);
    }
    case RowsKind::top: {
      std::size_t grown = 0;
      const bool other = measure_->arguments.size() > 1;
      for (const Value& value : cell(0)) grown += add_top(value, other ? cell(1) : Values{value});
      return grown;
    }
    case RowsKind::sample: {
      // Those whose places have the least hashes: the same ones whatever the order of the rows.
      std::size_t grown = 0;
      std::uint64_t element = 0;
      for (const Value& value : cell(0)) {
        grown += add_top(static_cast<std::int64_t>(hash64(position, ++element) >> 1), {value});
      }
      return grown;
    }
    default: {
      std::size_t grown = 0;
      for (const Value& value : cell(0)) grown += add_value(value);
      return grown;
    }
  }
}

std::size_t TableAggregate::add_value(const Value& value) {
  if (is_null(value)) return 0;
  ++count_;
  switch (measure_->aggregation) {
    case RowsKind::count_distinct:
    case RowsKind::values:
      if (!distinct_) distinct_ = std::make_unique<HashedValues>();
      return distinct_->insert(value).second ? bytes_of(value) : 0;
    case RowsKind::min:
    case RowsKind::max:
      if (!is_null(best_) && !better(value, best_)) return 0;
      best_ = value;
      return bytes_of(value);
    case RowsKind::sum:
    case RowsKind::average:
      if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        whole_ += *whole;
      } else {
        sum_.add(to_double(value, measure_->argument));
      }
      return 0;
    case RowsKind::standard_deviation:
    case RowsKind::variance:
      sum_.add(to_double(value, measure_->argument));
      second_sum_.add_square(to_double(value, measure_->argument));
      return 0;
    default:
      if (!numbers_) numbers_ = std::make_unique<std::vector<double>>();
      numbers_->push_back(to_double(value, measure_->argument));
      return 2 * sizeof(double);
  }
}

std::size_t TableAggregate::add_top(const Value& value, const Values& output) {
  if (is_null(value)) return 0;
  ++count_;
  if (!top_) top_ = std::make_unique<std::vector<std::pair<Value, Values>>>();
  // The heap's front is what would be given last.
  const auto less = [this](const auto& a, const auto& b) {
    if (comes_before(a.first, b.first)) return true;
    if (comes_before(b.first, a.first)) return false;
    return a.second < b.second;  // of equal values the outputs decide, not the order of the rows
  };
  const std::pair<Value, Values> entry{value, output};
  std::size_t grown = 0;
  if (top_->size() < static_cast<std::size_t>(measure_->parameter)) {
    grown = 2 * bytes_of(value);
  } else {
    if (!less(entry, top_->front())) return 0;
    std::ranges::pop_heap(*top_, less);
    top_->pop_back();
  }
  top_->push_back(entry);
  std::ranges::push_heap(*top_, less);
  return grown;
}

std::size_t TableAggregate::add_chosen(const Value& order, const Values& cell, std::string_view position) {
  const bool first = measure_->aggregation == RowsKind::first;
  if (!chosen_) chosen_ = std::make_unique<Chosen>();
  if (chosen_->any) {
    const bool known = !is_null(chosen_->order);
    const bool given = !is_null(order);
    if (known != given) {
      if (known) return 0;  // rows without a time come last in both directions
    } else {
      const int compared = compare_values(order, chosen_->order);
      if (first ? compared > 0 : compared < 0) return 0;
      if (compared == 0 && position >= chosen_->position) return 0;  // of equals the first row
    }
  }
  *chosen_ = {order, cell, std::string(position), true};
  ++count_;
  std::size_t bytes = position.size();
  for (const Value& value : cell) bytes += bytes_of(value);
  return bytes;
}

std::size_t TableAggregate::merge(TableAggregate&& other) {
  std::size_t grown = 0;
  switch (measure_->aggregation) {
    case RowsKind::first:
    case RowsKind::last:
      if (other.chosen_ && other.chosen_->any) {
        grown = add_chosen(other.chosen_->order, other.chosen_->cell, other.chosen_->position);
      }
      return grown;
    case RowsKind::top:
    case RowsKind::sample:
      if (other.top_) {
        for (const auto& [value, output] : *other.top_) grown += add_top(value, output);
      }
      return grown;
    case RowsKind::min:
    case RowsKind::max:
      return is_null(other.best_) ? 0 : add_value(other.best_);
    default:
      break;
  }
  count_ += other.count_;
  whole_ += other.whole_;
  sum_.add(other.sum_);
  second_sum_.add(other.second_sum_);
  if (other.distinct_) {
    if (!distinct_) distinct_ = std::make_unique<HashedValues>();
    while (!other.distinct_->empty()) {
      auto node = other.distinct_->extract(other.distinct_->begin());
      const std::size_t bytes = bytes_of(node.value());
      if (distinct_->insert(std::move(node)).inserted) grown += bytes;
    }
  }
  if (other.numbers_) {
    if (!numbers_) numbers_ = std::make_unique<std::vector<double>>();
    numbers_->insert(numbers_->end(), other.numbers_->begin(), other.numbers_->end());
    grown += 2 * sizeof(double) * other.numbers_->size();
  }
  return grown;
}

Values TableAggregate::sum(TableWarnings* warnings) const {
  if (count_ == 0) return {};
  if (measure_->type == LogicalType::real) {
    const double total = sum_.high + sum_.low + static_cast<double>(whole_);
    return real_or_null(total);
  }
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (whole_ < kLeast || whole_ > kMost) {
    if (warnings) warnings->add(measure_->at, 0, Failure::overflow, "long overflow");
    return {};
  }
  return {static_cast<std::int64_t>(whole_)};
}

Values TableAggregate::quantile() const {
  if (!numbers_ || numbers_->empty()) return {};
  std::vector<double> sorted = *numbers_;
  std::ranges::sort(sorted);
  if (measure_->aggregation == RowsKind::percentile)
    return real_or_null(quantile_of(sorted, measure_->parameter / 100));
  const double median = quantile_of(sorted, 0.5);
  if (measure_->aggregation == RowsKind::median) return real_or_null(median);
  for (double& number : sorted) number = std::abs(number - median);
  std::ranges::sort(sorted);
  return real_or_null(quantile_of(sorted, 0.5));
}

/// Of the whole population: the mean square less the square of the mean, in twice the precision.
Values TableAggregate::variance() const {
  if (count_ == 0) return {};
  const auto count = static_cast<double>(count_);
  const double sum = sum_.high + sum_.low;
  const double rest = sum_.low - (sum - sum_.high);
  LongSum spread = second_sum_;  // squares - sum * sum / count
  const double mean = sum / count;
  const double mean_rest = (std::fma(-mean, count, sum) + rest) / count;
  spread.add(-mean * sum);
  spread.low -= std::fma(mean, sum, -(mean * sum)) + mean_rest * sum + mean * rest;
  const double variance = std::max(0.0, (spread.high + spread.low) / count);
  return real_or_null(measure_->aggregation == RowsKind::variance ? variance : std::sqrt(variance));
}

Values TableAggregate::distinct_values() const {
  if (!distinct_) return {};
  Values values(distinct_->begin(), distinct_->end());
  std::ranges::sort(values,
                    [this](const Value& a, const Value& b) { return compare_typed(measure_->argument, a, b) < 0; });
  return values;
}

Values TableAggregate::top() const {
  if (!top_) return {};
  auto entries = *top_;
  std::ranges::sort(entries, [this](const auto& a, const auto& b) {
    if (comes_before(a.first, b.first)) return true;
    if (comes_before(b.first, a.first)) return false;
    return a.second < b.second;
  });
  Values values;
  for (auto& [value, output] : entries) values.insert(values.end(), output.begin(), output.end());
  return values;
}

Values TableAggregate::value(TableWarnings* warnings) const {
  switch (measure_->aggregation) {
    case RowsKind::count_rows:
    case RowsKind::count:
      return {static_cast<std::int64_t>(count_)};
    case RowsKind::present:
      return {count_ > 0};
    case RowsKind::absent:
      return {count_ == 0};
    case RowsKind::count_distinct:
      return {static_cast<std::int64_t>(distinct_ ? distinct_->size() : 0)};
    case RowsKind::values:
      return distinct_values();
    case RowsKind::min:
    case RowsKind::max:
      return is_null(best_) ? Values{} : Values{best_};
    case RowsKind::sum:
      return sum(warnings);
    case RowsKind::average:
      if (count_ == 0) return {};
      return real_or_null((sum_.high + sum_.low + static_cast<double>(whole_)) / static_cast<double>(count_));
    case RowsKind::standard_deviation:
    case RowsKind::variance:
      return variance();
    case RowsKind::median:
    case RowsKind::percentile:
    case RowsKind::median_absolute_deviation:
      return quantile();
    case RowsKind::top:
    case RowsKind::sample:
      return top();
    case RowsKind::first:
    case RowsKind::last:
      return chosen_ ? chosen_->cell : Values{};
  }
  return {};
}

}  // namespace trailhound::engine
