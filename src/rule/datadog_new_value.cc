#include "rule/datadog_new_value.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace trailhound::rule {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kDefaultForgetAfter = 28;  // days; Datadog fills in nothing, shipped rules have 7, 21 or 28

std::int64_t read_days(const Payload& options, std::string_view key, std::int64_t least, std::int64_t otherwise) {
  constexpr std::int64_t kMost = 30;
  const std::int64_t days = options.integer(key).value_or(otherwise);
  if (days >= least && days <= kMost) return days;
  options.error("TH2203", key, std::to_string(days) + " is no number of days that Datadog allows",
                std::to_string(least) + " to " + std::to_string(kMost));
  return otherwise;
}

}  // namespace

void read_new_value_options(const Payload& options, plan::NewValue& out) {
  const std::string method = options.text("learningMethod").value_or("duration");
  if (method != "duration" && method != "threshold") {
    options.error("TH2203", "learningMethod", "no learning method is named \"" + method + "\"",
                  "duration or threshold");
  }
  const std::int64_t days = read_days(options, "learningDuration", 0, 0);
  const std::int64_t values = options.integer("learningThreshold").value_or(0);
  if (values < 0 || values > 1) options.error("TH2203", "learningThreshold", "the learning threshold is 0 or 1");
  if (method == "threshold") {
    out.learns_first = values == 1;
  } else {
    out.learning = Duration::seconds(days * kDay);
    out.learns_first = days == 0;
  }
  out.forget_after = Duration::seconds(read_days(options, "forgetAfter", 1, kDefaultForgetAfter) * kDay);
  options.warn_of_slips({"learningMethod", "learningDuration", "learningThreshold", "forgetAfter",
                         "instantaneousBaseline", "instantaneousBaselineTimeoutMinutes"});
}

bool holds_for_one(const plan::Condition& condition) {
  const auto of = [](const plan::LinearTerm& term) { return term.factor; };
  if (const auto* compare = std::get_if<plan::ConditionCompare>(&condition->node)) {
    const double left = of(compare->left), right = of(compare->right);
    switch (compare->op) {
      case plan::ComparisonOp::greater:
        return left > right;
      case plan::ComparisonOp::greater_equal:
        return left >= right;
      case plan::ComparisonOp::less:
        return left < right;
      default:
        return left <= right;
    }
  }
  if (const auto* all = std::get_if<plan::ConditionAll>(&condition->node)) {
    return std::ranges::all_of(all->operands, holds_for_one);
  }
  if (const auto* any = std::get_if<plan::ConditionAny>(&condition->node)) {
    return std::ranges::any_of(any->operands, holds_for_one);
  }
  return false;
}

}  // namespace trailhound::rule
