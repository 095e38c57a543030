#pragma once
/// EQL, the Event Query Language: event queries, sequences and samples over ECS fields.
///
///     auto lowered = eql::lower("iam where event.action == \"CreateUser\" and user.name != \"root\"", fields, {},
///     reporter);
///
/// An event query has one query and no stages. Of a sequence or sample each stage, and `until`, is a query of its own
/// with the join keys as its group key. Never throws; bounded in length and depth.

#include <optional>
#include <string>
#include <string_view>

#include "lang/fields.h"
#include "lang/reporter.h"
#include "plan/plan.h"

namespace trailhound::eql {

struct Options {
  std::string timestamp_field = "@timestamp";
  std::string event_category_field = "event.category";
  std::string tiebreaker_field;  ///< empty: none
};

/// What a query means, without the rule's schedule and suppression: queries and the operator (EachHit or Sequence).
struct Lowered {
  std::vector<plan::Query> queries;
  plan::Operator op;
};

/// None if an error was reported.
[[nodiscard]] std::optional<Lowered> lower(std::string_view text, const lang::Fields& fields, const Options& options,
                                           lang::Reporter& reporter);

}  // namespace trailhound::eql
