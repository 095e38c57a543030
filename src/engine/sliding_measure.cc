#include "engine/sliding_measure.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace trailhound::engine {

namespace {

bool append_tuples(const plan::TrailingCondition::Measure& measure, std::uint32_t query,
                   std::span<const Values> arguments, std::vector<MeasureItem>& items) {
  std::vector<std::vector<std::string>> fields;
  for (const std::uint32_t argument : measure.arguments) {
    if (argument >= arguments.size()) return true;
    std::vector<std::string> texts;
    for (const Value& value : arguments[argument]) {
      if (!is_null(value)) texts.push_back(to_text(value));
    }
    if (texts.empty()) return true;
    std::ranges::sort(texts);
    texts.erase(std::ranges::unique(texts).begin(), texts.end());
    fields.push_back(std::move(texts));
  }
  if (fields.empty()) return true;
  std::vector<std::size_t> at(fields.size(), 0);
  std::string bytes;
  // The values of one field are no more than the event is long; combinations of several may be.
  const std::size_t most = fields.size() == 1 ? fields.front().size() : kMaxTuplesPerHit;
  for (std::size_t made = 0; made < most; ++made) {
    bytes.clear();
    for (std::size_t i = 0; i < fields.size(); ++i) append_canonical(bytes, Value(fields[i][at[i]]));
    items.push_back({.query = query, .tuple = hash128(bytes)});
    std::size_t field = fields.size();
    while (field > 0 && ++at[field - 1] == fields[field - 1].size()) at[--field] = 0;
    if (field == 0) return true;
  }
  return false;
}

}  // namespace

bool append_items(const plan::TrailingCondition::Measure& measure, std::uint32_t query,
                  std::span<const Values> arguments, std::vector<MeasureItem>& items) {
  switch (measure.aggregation) {
    case Aggregation::count:
      return true;
    case Aggregation::cardinality:
      return append_tuples(measure, query, arguments, items);
    case Aggregation::sum:
    case Aggregation::max:
      if (measure.arguments.empty() || measure.arguments[0] >= arguments.size()) return true;
      for (const Value& value : arguments[measure.arguments[0]]) {
        if (const auto* integer = std::get_if<std::int64_t>(&value)) {
          items.push_back({.query = query, .number = static_cast<double>(*integer), .tuple = {}});
        } else if (const auto* real = std::get_if<double>(&value); real != nullptr && std::isfinite(*real)) {
          items.push_back({.query = query, .number = *real, .tuple = {}});
        }
      }
      return true;
  }
  return true;
}

void QueueFold::push(double value, bool maximum) {
  if (back_.empty()) {
    back_fold_ = value;
  } else {
    back_fold_ = maximum ? std::max(back_fold_, value) : back_fold_ + value;
  }
  back_.push_back(value);
}

void QueueFold::pop(bool maximum) {
  if (front_.empty()) {
    while (!back_.empty()) {
      const double value = back_.back();
      back_.pop_back();
      double fold = value;
      if (!front_.empty()) fold = maximum ? std::max(value, front_.back().second) : value + front_.back().second;
      front_.emplace_back(value, fold);
    }
    back_fold_ = 0;
  }
  if (!front_.empty()) front_.pop_back();
}

double QueueFold::value(bool maximum) const {
  if (front_.empty()) return back_.empty() ? 0 : back_fold_;
  if (back_.empty()) return front_.back().second;
  return maximum ? std::max(front_.back().second, back_fold_) : front_.back().second + back_fold_;
}

void SlidingMeasure::add(std::span<const MeasureItem> items) {
  ++count_;
  for (const MeasureItem& item : items) {
    if (aggregation_ == Aggregation::cardinality) {
      ++tuples_[item.tuple];
    } else {
      fold_.push(item.number, aggregation_ == Aggregation::max);
    }
  }
}

void SlidingMeasure::remove(std::span<const MeasureItem> items) {
  --count_;
  for (const MeasureItem& item : items) {
    if (aggregation_ == Aggregation::cardinality) {
      const auto found = tuples_.find(item.tuple);
      if (found != tuples_.end() && --found->second == 0) tuples_.erase(found);
    } else {
      fold_.pop(aggregation_ == Aggregation::max);
    }
  }
}

double SlidingMeasure::value() const {
  switch (aggregation_) {
    case Aggregation::count:
      return static_cast<double>(count_);
    case Aggregation::cardinality:
      return static_cast<double>(tuples_.size());
    case Aggregation::sum:
      return fold_.value(false);
    case Aggregation::max:
      return fold_.value(true);
  }
  return 0;
}

Value number_value(double number) {
  constexpr double kExact = 9007199254740992.0;  // 2^53: beyond it a double no longer says which integer is meant
  if (std::trunc(number) == number && std::abs(number) <= kExact) return static_cast<std::int64_t>(number);
  return number;
}

std::string number_text(double number) { return to_text(number_value(number)); }

}  // namespace trailhound::engine
