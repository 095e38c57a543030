#pragma once
/// How single scalars are compared and tested: the leaves of every condition. Pure functions of their arguments.
///
/// `unknown` means that the domain cannot read one of the scalars (a text in a numeric comparison, a boolean where an
/// address is wanted, numbers against texts in the native domain).

#include <compare>
#include <span>
#include <string_view>

#include "base/ip_address.h"
#include "base/truth.h"
#include "base/value.h"
#include "plan/expression.h"

namespace trailhound::engine {

/// The domain in which two values of an ES|QL type compare.
[[nodiscard]] plan::Domain domain_for(plan::LogicalType type);

/// Unordered when the domain cannot read one of the two.
[[nodiscard]] std::partial_ordering order(plan::Domain domain, const Scalar& a, const Scalar& b);

[[nodiscard]] Truth compare(plan::ComparisonOp op, plan::Domain domain, const Scalar& a, const Scalar& b);

/// The disjunction of `needle = value` over the list: yes if one is, else unknown if one comparison is (or the list
/// held a null), else no. REQUIRES: values sorted by compare_values.
[[nodiscard]] Truth one_of(const plan::OneOf& list, const Scalar& needle);

/// Never unknown: every scalar has a text.
[[nodiscard]] Truth match(const plan::Pattern& pattern, const Scalar& scalar);

/// Never unknown: what is no address is in no network.
[[nodiscard]] Truth in_network(std::span<const Cidr> blocks, const Scalar& scalar);

/// By value, without the loss that converting the integer to a double would bring. Unordered for NaN.
[[nodiscard]] std::partial_ordering order(std::int64_t integer, double real);

}  // namespace trailhound::engine
