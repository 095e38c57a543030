#pragma once
/// KQL, Kibana's query language (`language = "kuery"`): the text of a rule's query becomes a filter over ECS fields.
///
///     auto filter = kuery::lower("event.dataset: aws.cloudtrail and not user.name: (a or b*)", fields, {}, reporter);
///
/// An event whose field is absent satisfies no clause about it, hence every `not` of one; a field of several values
/// satisfies a clause if one of them does. Never throws; bounded in length and depth.

#include <optional>
#include <string_view>

#include "lang/fields.h"
#include "lang/reporter.h"
#include "plan/expression.h"

namespace trailhound::kuery {

struct Options {
  bool case_insensitive = false;  ///< ES|QL's KQL(..., {"case_insensitive": true})
};

/// The filter, two-valued, or none if an error was reported.
[[nodiscard]] std::optional<plan::Expr> lower(std::string_view text, const lang::Fields& fields, const Options& options,
                                              lang::Reporter& reporter);

}  // namespace trailhound::kuery
