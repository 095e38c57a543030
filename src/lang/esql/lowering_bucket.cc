// BUCKET and TBUCKET as expressions of the plan.

#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "lang/esql/codes.h"
#include "lang/esql/lowering_state.h"
#include "lang/esql/parser.h"

namespace trailhound::esql {
namespace {

using plan::Expr;

constexpr std::int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

/// What buckets of dates may be picked from, the widest first; months and years by their mean length.
struct Candidate {
  Span span;
  std::int64_t length;
};
constexpr auto kCandidates = std::to_array<Candidate>({
    {{.months = 12}, 365 * kDay},      {{.months = 1}, 30 * kDay},        {{.days = 7}, 7 * kDay},
    {{.days = 1}, kDay},               {{.micros = 12 * kHour}, 12 * kHour}, {{.micros = 3 * kHour}, 3 * kHour},
    {{.micros = kHour}, kHour},        {{.micros = 30 * kMinute}, 30 * kMinute},
    {{.micros = 10 * kMinute}, 10 * kMinute}, {{.micros = 5 * kMinute}, 5 * kMinute}, {{.micros = kMinute}, kMinute},
    {{.micros = 30 * kSecond}, 30 * kSecond}, {{.micros = 10 * kSecond}, 10 * kSecond},
    {{.micros = 5 * kSecond}, 5 * kSecond},   {{.micros = kSecond}, kSecond}, {{.micros = 100'000}, 100'000},
    {{.micros = 50'000}, 50'000},      {{.micros = 10'000}, 10'000},      {{.micros = 1'000}, 1'000},
});

std::optional<double> number_of(const Bound& e) {
  if (!e.is_constant() || e.constant.size() != 1) return std::nullopt;
  if (const auto* whole = std::get_if<std::int64_t>(&e.constant.front())) return static_cast<double>(*whole);
  const auto* real = std::get_if<double>(&e.constant.front());
  return real ? std::optional(*real) : std::nullopt;
}

std::optional<std::int64_t> date_of(const Bound& e) {
  if (!e.is_constant() || e.constant.size() != 1) return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&e.constant.front())) {
    const auto date = convert_literal(*text, LogicalType::date);
    const auto* micros = date ? std::get_if<std::int64_t>(&*date) : nullptr;
    return micros ? std::optional(*micros) : std::nullopt;
  }
  const auto* micros = std::get_if<std::int64_t>(&e.constant.front());
  return micros && is_date(e.type) ? std::optional(*micros) : std::nullopt;
}

/// The finest interval that cuts the range into at most `most` buckets. Every bucket that the range touches counts.
Span pick_span(std::int64_t from, std::int64_t to, double most) {
  Span picked = kCandidates.front().span;
  for (const Candidate& candidate : kCandidates) {
    const auto floor = [&](std::int64_t at) { return at / candidate.length - (at % candidate.length < 0 ? 1 : 0); };
    if (static_cast<double>(floor(to) - floor(from) + 1) > most) break;
    picked = candidate.span;
  }
  return picked;
}

/// 1 or 5 times a power of ten, the smallest that is not below an equal share of the range.
double pick_size(double from, double to, double most) {
  const double exact = (to - from) / most;
  const double power = std::pow(10, std::ceil(std::log10(exact)));
  return exact < power / 2 ? power / 2 : power;
}

}  // namespace

Expr Lowering::lower_number_bucket(const Bound& e, double size) {
  if (!(size > 0) || !std::isfinite(size)) {
    reporter_.error(codes::kValue, e.at, "the size of a bucket must be greater than 0");
    return nullptr;
  }
  auto number = scalar(*e.operands.front(), e);
  if (!number) return nullptr;
  return make(plan::Call{plan::Function::bucket_start, {std::move(number), plan::literal(size, LogicalType::real)}},
              LogicalType::real, e.at);
}

Expr Lowering::lower_span_bucket(const Bound& e, const Span& span) {
  auto width = std::make_shared<Bound>(*e.operands[1]);
  width->operation = Operation::span;
  width->span = span;
  Bound truncated = e;
  truncated.operands = {std::move(width), e.operands.front()};
  return lower_date_trunc(truncated);
}

Expr Lowering::lower_bucket(const Bound& e) {
  const Bound& field = *e.operands.front();
  const Bound& size = *e.operands[1];
  const bool date = is_date(field.type);
  if (!date && !is_numeric(field.type) && field.type != LogicalType::null) {
    reporter_.error(codes::kArgumentType, field.at,
                    "first argument of [" + e.source + "] must be [datetime or numeric], found value [" +
                        field.source + "] type [" + std::string(name_of(field.type)) + "]");
    return nullptr;
  }
  if (e.operands.size() == 2) {
    if (date && size.operation == Operation::span) return lower_span_bucket(e, size.span);
    if (date && size.is_constant() && size.constant.size() == 1 &&
        std::holds_alternative<std::string>(size.constant.front())) {
      const auto text = parse_span(std::get<std::string>(size.constant.front()));
      const auto span = text ? fixed_span(text->amount, text->unit) : std::nullopt;
      if (span) return lower_span_bucket(e, {.micros = span->micros});
    }
    const auto number = number_of(size);
    if (!date && number) return lower_number_bucket(e, *number);
    reporter_.error(codes::kArgumentType, size.at,
                    "second argument of [" + e.source + "] must be a constant " +
                        (date ? "time span" : "number") + ", found [" + size.source + "]");
    return nullptr;
  }
  if (e.operands.size() != 4) {
    reporter_.error(codes::kArgumentCount, e.at, "BUCKET takes a field and a size, or a field, a number and a range");
    return nullptr;
  }
  const auto most = number_of(size);
  if (!most || *most < 1) {
    reporter_.error(codes::kValue, size.at, "the number of buckets must be a constant of at least 1");
    return nullptr;
  }
  if (date) {
    const auto from = date_of(*e.operands[2]);
    const auto to = date_of(*e.operands[3]);
    if (from && to && *from <= *to) return lower_span_bucket(e, pick_span(*from, *to, *most));
  } else {
    const auto from = number_of(*e.operands[2]);
    const auto to = number_of(*e.operands[3]);
    if (from && to && *from < *to) return lower_number_bucket(e, pick_size(*from, *to, *most));
  }
  reporter_.error(codes::kValue, e.operands[2]->at, "the range of [" + e.source + "] must be two ascending constants");
  return nullptr;
}

}  // namespace trailhound::esql
