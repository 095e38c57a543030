#include "lang/esql/constant_arguments.h"

#include <algorithm>
#include <array>

#include "base/ip_address.h"
#include "lang/esql/codes.h"
#include "lang/esql/lexer.h"
#include "lang/esql/pattern_arguments.h"
#include "plan/date_parts.h"
#include "plan/digest.h"

namespace trailhound::esql {
namespace {

using Complaint = std::optional<ArgumentComplaint>;

Complaint complain(const Bound& call, std::size_t index, std::string message, std::string hint = {}) {
  return ArgumentComplaint{call.operands[index]->at, codes::kLiteral, std::move(message), std::move(hint)};
}

Complaint check_cidr_match(const Bound& call) {
  for (std::size_t i = 1; i < call.operands.size(); ++i) {
    if (!call.operands[i]->is_constant()) continue;
    for (const Value& value : call.operands[i]->constant) {
      const auto* text = std::get_if<std::string>(&value);
      if (text != nullptr && !parse_cidr(*text)) {
        return complain(call, i, "is no address block: [" + *text + "]", "blocks are written as 10.0.0.0/8");
      }
    }
  }
  return std::nullopt;
}

Complaint check_date_diff(const Bound& call) {
  const auto* unit = constant_text(call, 0);
  if (unit == nullptr || plan::date_unit_named(*unit)) return std::nullopt;
  return complain(call, 0, "A value of date units is expected, found [" + *unit + "]",
                  "units: year, quarter, month, week, day, hour, minute, second, millisecond ...");
}

Complaint check_date_unit_count(const Bound& call) {
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const auto* unit = constant_text(call, i);
    if (unit == nullptr || plan::date_unit_named(*unit)) continue;
    return complain(call, i, "A value of date units is expected, found [" + *unit + "]");
  }
  return std::nullopt;
}

Complaint check_date_extract(const Bound& call) {
  const auto* part = constant_text(call, 0);
  if (part == nullptr || plan::is_date_part(*part)) return std::nullopt;
  return complain(call, 0, "there is no date part [" + *part + "]",
                  "parts: year, month_of_year, day_of_month, day_of_week, hour_of_day, minute_of_hour ...");
}

Complaint check_date_format(const Bound& call) {
  const auto* pattern = call.operands.size() > 1 ? constant_text(call, 0) : nullptr;
  if (pattern == nullptr) return std::nullopt;
  const auto format = plan::DateFormat::read(*pattern);
  if (format) return std::nullopt;
  return complain(call, 0, "invalid date format [" + *pattern + "]: " + format.error().what);
}

Complaint check_date_parse(const Bound& call) {
  if (auto complaint = check_date_format(call)) return complaint;
  const auto* pattern = constant_text(call, 0);
  if (pattern == nullptr) return std::nullopt;
  const auto format = plan::DateFormat::read(*pattern);
  const auto letter = format ? format->unread_letter() : std::nullopt;
  if (!letter) return std::nullopt;
  return complain(call, 0, std::string("reading dates by the letter ") + *letter + " is not supported",
                  "quarters and years of weeks are only written, by DATE_FORMAT");
}

Complaint check_hash(const Bound& call) {
  const auto* name = constant_text(call, 0);
  if (name == nullptr) return std::nullopt;
  if (plan::digest_named(*name)) return std::nullopt;
  return complain(call, 0, "unknown digest algorithm [" + *name + "]",
                  "algorithms: MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512, SHA-512/256, SHA3-256 ...");
}

/// Keys and values in turn.
Complaint check_json_string(const Bound& call) {
  if (call.operands.size() % 2 != 0) {
    return ArgumentComplaint{call.at,
                             codes::kArgumentCount,
                             "function [" + call.source + "] expects an even number of arguments but got " +
                                 std::to_string(call.operands.size()),
                             {}};
  }
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const LogicalType type = call.operands[i]->type;
    const bool fits = i % 2 == 0 ? is_string(type) || type == LogicalType::null : type != LogicalType::geo_point;
    if (fits) continue;
    return ArgumentComplaint{call.at,
                             codes::kArgumentType,
                             "argument " + std::to_string(i + 1) + " of [" + call.source + "] must be [" +
                                 (i % 2 == 0 ? "string" : "boolean, numeric, string, ip, version or date") +
                                 "], found value [" + call.operands[i]->source + "] type [" +
                                 std::string(name_of(type)) + "]",
                             {}};
  }
  return std::nullopt;
}

/// With an output column the field is a number, a date or a text, and so is the column.
Complaint check_top(const Bound& call) {
  if (call.operands.size() < 4) return std::nullopt;
  for (const std::size_t i : {std::size_t{0}, std::size_t{3}}) {
    const LogicalType type = call.operands[i]->type;
    if (type != LogicalType::boolean && type != LogicalType::ip) continue;
    return ArgumentComplaint{call.at,
                             codes::kArgumentType,
                             std::string(i == 0 ? "first" : "fourth") + " argument of [" + call.source +
                                 "] must be [date, string or numeric except unsigned_long], found value [" +
                                 call.operands[i]->source + "] type [" + std::string(name_of(type)) + "]",
                             {}};
  }
  return std::nullopt;
}

Complaint not_negative(const Bound& call, std::size_t index) {
  const auto* count = constant_whole(call, index);
  if (count == nullptr || *count >= 0) return std::nullopt;
  return complain(call, index, "must not be negative, found [" + std::to_string(*count) + "]");
}
Complaint check_repeat(const Bound& call) { return not_negative(call, 1); }
Complaint check_space(const Bound& call) { return not_negative(call, 0); }
Complaint check_substring(const Bound& call) { return not_negative(call, 2); }

struct Check {
  std::string_view function;
  Complaint (*check)(const Bound& call);
};
constexpr auto kChecks = std::to_array<Check>({
    {"cidr_match", check_cidr_match},
    {"date_diff", check_date_diff},
    {"date_extract", check_date_extract},
    {"date_format", check_date_format},
    {"date_parse", check_date_parse},
    {"date_unit_count", check_date_unit_count},
    {"hash", check_hash},
    {"json_extract", check_json_extract},
    {"json_string", check_json_string},
    {"mv_append", check_same_types},
    {"mv_contains", check_same_types},
    {"mv_difference", check_same_types},
    {"mv_greater", check_same_types},
    {"mv_in_range", check_same_types},
    {"mv_intersection", check_same_types},
    {"mv_intersects", check_same_types},
    {"mv_less", check_same_types},
    {"mv_pseries_weighted_sum", check_doubles},
    {"mv_slice", check_mv_slice},
    {"mv_sort", check_mv_sort},
    {"mv_union", check_same_types},
    {"repeat", check_repeat},
    {"replace", check_replace},
    {"space", check_space},
    {"split", check_split},
    {"substring", check_substring},
    {"top", check_top},
});

}  // namespace

Complaint check_constant_arguments(const Bound& call) {
  const auto* row = std::ranges::find(kChecks, call.function->name, &Check::function);
  return row == kChecks.end() ? std::nullopt : row->check(call);
}

const std::string* constant_text(const Bound& call, std::size_t index) {
  if (index >= call.operands.size()) return nullptr;
  const Bound& operand = *call.operands[index];
  if (!operand.is_constant() || operand.constant.size() != 1) return nullptr;
  return std::get_if<std::string>(&operand.constant.front());
}

const std::int64_t* constant_whole(const Bound& call, std::size_t index) {
  if (index >= call.operands.size()) return nullptr;
  const Bound& operand = *call.operands[index];
  if (!operand.is_constant() || operand.constant.size() != 1) return nullptr;
  return std::get_if<std::int64_t>(&operand.constant.front());
}

}  // namespace trailhound::esql
