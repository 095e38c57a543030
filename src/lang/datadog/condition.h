#pragma once
/// The condition language of Datadog's cases: comparisons of query values, joined.
///
///     auto condition = parse_condition("lists > 3 && reads > 0", {"lists", "reads"}, {}, context, diagnostics);
///
/// Grammar. Blanks may be left out; `&&` binds tighter than `||`; THEN, in any case of letters, at most once and
/// outside parentheses.
///
///     condition  = or [ "THEN" or ] ;
///     or         = and { "||" and } ;
///     and        = primary { "&&" primary } ;
///     primary    = "(" or ")" | comparison ;
///     comparison = operand ( ">" | ">=" | "<" | "<=" ) operand ;     at least one operand names a query
///     operand    = number | query | number "*" query | query "*" number ;
///     query      = a query's name, or its letter by position (a, b, ...) when it has none ;
///     number     = digits, in anomaly rules also a decimal: 0.995 ;
///
/// `3 < a` is kept as `a > 3`. Never throws; bounded in depth.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/datadog/text_context.h"
#include "plan/condition.h"

namespace trailhound::lang::datadog {

struct ConditionOptions {
  bool decimals = false;  ///< anomaly rules
};

/// The condition over queries by position in `query_names`, or none after an error (codes TH21xx). A condition that can
/// be true only by the lack of events is warned of: conditions are evaluated when an event comes.
[[nodiscard]] std::optional<plan::Condition> parse_condition(std::string_view text,
                                                             const std::vector<std::string>& query_names,
                                                             const ConditionOptions& options,
                                                             const TextContext& context, Diagnostics& diagnostics);

inline constexpr std::size_t kMaxConditionBytes = 10'000;
inline constexpr int kMaxConditionDepth = 64;

}  // namespace trailhound::lang::datadog
