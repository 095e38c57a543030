#include "lang/relative_date.h"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "lang/elastic_date.h"

namespace trailhound::lang {

namespace {

using plan::Expr;
using plan::Function;
using plan::LogicalType;

constexpr Duration kMicro = {1};
constexpr int kMaxSteps = 8;
constexpr std::int64_t kMaxRelativeAmount = 100'000;

Expr number(std::int64_t value) { return plan::literal(value, LogicalType::long_integer); }
Expr span(Duration length) { return plan::literal(length.micros, LogicalType::time_duration); }
Expr date(Function function, std::vector<Expr> arguments) {
  return plan::make(plan::Call{function, std::move(arguments)}, LogicalType::date);
}
Expr later(const Expr& time, Duration by) { return by.micros == 0 ? time : date(Function::add, {time, span(by)}); }

std::optional<std::int64_t> months_of(char unit) {
  if (unit == 'M') return 1;
  return unit == 'y' ? std::optional<std::int64_t>(12) : std::nullopt;
}

Expr moved(const Expr& time, std::int64_t amount, char unit) {
  if (const auto step = fixed_date_unit(unit)) return later(time, {step->micros * amount});
  if (const auto months = months_of(unit)) return date(Function::add_months, {time, number(*months * amount)});
  return nullptr;
}

Expr floor_of(const Expr& time, char unit) {
  const char* const calendar = unit == 'w' ? "week" : unit == 'M' ? "month" : unit == 'y' ? "year" : nullptr;
  if (calendar != nullptr) {
    return date(Function::date_trunc_calendar,
                {plan::literal(std::string(calendar), LogicalType::keyword), number(1), time});
  }
  const auto step = fixed_date_unit(unit);
  return step ? date(Function::date_trunc, {span(*step), time}) : nullptr;
}

}  // namespace

Expr run_time_of(const Expr& timestamp, Duration interval, Duration look_back, WhichRun which) {
  if (which == WhichRun::last && look_back >= interval) {
    return date(Function::date_trunc, {span(interval), later(timestamp, look_back)});
  }
  return later(date(Function::date_trunc, {span(interval), later(timestamp, {-kMicro.micros})}), interval);
}

Result<RelativeInterval> read_relative_date(std::string_view text, const Expr& now) {
  const auto no_date = [&] {
    return std::unexpected(
        Error{"'" + std::string(text) + "' is no date", {}, "now, now-1d or now-1d/d, with y M w d h m s"});
  };
  RelativeInterval interval{now, later(now, Duration::millis(1))};
  std::string_view math = text.substr(3);
  for (int steps = 0; !math.empty(); ++steps) {
    const char operation = math.front();
    math.remove_prefix(1);
    std::int64_t amount = 1;
    const char* const last = math.data() + math.size();
    const auto [stop, error] = std::from_chars(math.data(), last, amount);
    if (error == std::errc::result_out_of_range || amount < 0 || amount > kMaxRelativeAmount) return no_date();
    const bool has_amount = error == std::errc();
    if (has_amount) math.remove_prefix(static_cast<std::size_t>(stop - math.data()));
    if (math.empty() || steps == kMaxSteps) return no_date();
    const char unit = math.front();
    math.remove_prefix(1);
    Expr first, end;
    if (operation == '/' && !has_amount) {
      // The last millisecond of the interval decides which unit is its last.
      first = floor_of(interval.first, unit);
      const Expr last_unit = floor_of(later(interval.end, {-Duration::millis(1).micros}), unit);
      end = last_unit ? moved(last_unit, 1, unit) : nullptr;
    } else if (operation == '+' || operation == '-') {
      const std::int64_t signed_amount = operation == '+' ? amount : -amount;
      first = moved(interval.first, signed_amount, unit);
      end = moved(interval.end, signed_amount, unit);
    }
    if (!first || !end) return no_date();
    interval = {std::move(first), std::move(end)};
  }
  return interval;
}

}  // namespace trailhound::lang
