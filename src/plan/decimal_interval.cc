#include "plan/decimal_interval.h"

#include <algorithm>
#include <string>

#include "base/number_text.h"

namespace trailhound::plan {

namespace {

using Id = RegexNodes::Id;

std::optional<std::int64_t> number_of(std::string_view text) {
  const auto number = number_in<std::int32_t>(text);
  const bool good = number && *number >= 0 && !text.starts_with('-');
  return good ? std::optional<std::int64_t>(*number) : std::nullopt;
}

std::string padded(std::int64_t number, std::size_t digits) {
  const std::string text = std::to_string(number);
  return std::string(digits - std::min(digits, text.size()), '0') + text;
}

/// Digits of a fixed number, between two bounds of that many digits.
class Between {
 public:
  Between(std::string least, std::string most, RegexNodes& nodes)
      : least_(std::move(least)), most_(std::move(most)), nodes_(nodes) {}

  Id all() { return from(0, true, true); }

 private:
  Id digits(char first, char last) {
    return first > last ? nodes_.nothing()
                        : nodes_.characters({static_cast<CodePoint>(first), static_cast<CodePoint>(last)});
  }
  // The digits from `i` on, where those before equal the lower bound's (`low`) and the upper bound's (`high`).
  // Recursion is as deep as the number is long: ten.
  Id from(std::size_t i, bool low, bool high) {
    const std::size_t rest = least_.size() - i;
    if (rest == 0) return nodes_.empty();
    if (!low && !high) {
      const auto count = static_cast<std::uint32_t>(rest);
      return nodes_.repeat(digits('0', '9'), count, count);
    }
    const char first = low ? least_[i] : '0';
    const char last = high ? most_[i] : '9';
    std::vector<Id> alternatives;
    if (low && high && first == last) return nodes_.concatenation(digits(first, last), from(i + 1, true, true));
    if (low) alternatives.push_back(nodes_.concatenation(digits(first, first), from(i + 1, true, false)));
    if (high) alternatives.push_back(nodes_.concatenation(digits(last, last), from(i + 1, false, true)));
    const char inner_first = low ? static_cast<char>(first + 1) : first;
    const char inner_last = high ? static_cast<char>(last - 1) : last;
    alternatives.push_back(nodes_.concatenation(digits(inner_first, inner_last), from(i + 1, false, false)));
    return nodes_.either(alternatives);
  }

  std::string least_;
  std::string most_;
  RegexNodes& nodes_;
};

}  // namespace

std::optional<RegexNodes::Id> decimal_interval(std::string_view least, std::string_view most, RegexNodes& nodes) {
  auto low = number_of(least);
  auto high = number_of(most);
  if (!low || !high) return std::nullopt;
  if (*low > *high) std::swap(low, high);
  if (least.size() == most.size()) {
    return Between(padded(*low, least.size()), padded(*high, most.size()), nodes).all();
  }
  std::vector<Id> alternatives;
  std::int64_t power = 1;
  for (std::size_t digits = 1; digits <= 10; ++digits, power *= 10) {
    const std::int64_t first = std::max(*low, digits == 1 ? std::int64_t{0} : power);
    const std::int64_t last = std::min(*high, power * 10 - 1);
    if (first > last) continue;
    alternatives.push_back(Between(std::to_string(first), std::to_string(last), nodes).all());
  }
  const Id zeros = nodes.repeat(nodes.characters({'0', '0'}), 0, RegexNodes::kUnbounded);
  return nodes.concatenation(zeros, nodes.either(alternatives));
}

}  // namespace trailhound::plan
