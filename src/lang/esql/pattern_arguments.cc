#include "lang/esql/pattern_arguments.h"

#include "base/ascii.h"
#include "lang/esql/codes.h"
#include "plan/json_path.h"
#include "plan/replacement.h"

namespace trailhound::esql {
namespace {

using Complaint = std::optional<ArgumentComplaint>;

Complaint complain(const Bound& call, std::size_t index, std::string_view code, std::string message) {
  return ArgumentComplaint{call.operands[index]->at, code, std::move(message), {}};
}

Complaint complain_of_type(const Bound& call, std::size_t index, LogicalType wanted) {
  const Bound& found = *call.operands[index];
  const char* which = index == 0 ? "first" : index == 1 ? "second" : "third";
  auto complaint =
      complain(call, index, codes::kArgumentType,
               std::string(which) + " argument of [" + call.source + "] must be [" + std::string(name_of(wanted)) +
                   "], found value [" + found.source + "] type [" + std::string(name_of(found.type)) + "]");
  complaint->at = call.at;
  return complaint;
}

}  // namespace

Complaint check_replace(const Bound& call) {
  const std::string* pattern = constant_text(call, 1);
  if (pattern == nullptr) return std::nullopt;
  const auto regex = plan::JavaRegex::compile(*pattern);
  if (regex) return std::nullopt;
  return complain(call, 1, codes::kPattern, "Invalid pattern for REPLACE [" + *pattern + "]: " + regex.error().text());
}

Complaint check_split(const Bound& call) {
  const std::string* delimiter = constant_text(call, 1);
  if (delimiter == nullptr || delimiter->size() == 1) return std::nullopt;
  return complain(call, 1, codes::kValue, "the delimiter of SPLIT must be a single byte, found [" + *delimiter + "]");
}

Complaint check_json_extract(const Bound& call) {
  const std::string* text = constant_text(call, 1);
  if (text == nullptr) return std::nullopt;
  const auto path = plan::JsonPath::parse(*text);
  return path ? std::nullopt : complain(call, 1, codes::kPattern, path.error().what);
}

Complaint check_mv_slice(const Bound& call) {
  const std::int64_t* first = constant_whole(call, 1);
  const std::int64_t* last = constant_whole(call, 2);
  if (first == nullptr || last == nullptr) return std::nullopt;
  if (*first > *last) return complain(call, 1, codes::kValue, "Start offset is greater than end offset");
  if (*first < 0 && *last >= 0) {
    return complain(call, 1, codes::kValue, "Start and end offset have different signs");
  }
  return std::nullopt;
}

Complaint check_mv_sort(const Bound& call) {
  const std::string* order = constant_text(call, 1);
  if (order == nullptr) return std::nullopt;
  const std::string lower = lower_ascii(*order);
  if (lower == "asc" || lower == "desc") return std::nullopt;
  return complain(call, 1, codes::kValue, "the order of MV_SORT must be ASC or DESC, found [" + *order + "]");
}

Complaint check_same_types(const Bound& call) {
  LogicalType wanted = LogicalType::null;
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const LogicalType type = without_text(call.operands[i]->type);
    if (type == LogicalType::null) continue;
    if (wanted == LogicalType::null) wanted = type;
    if (type != wanted) return complain_of_type(call, i, wanted);
  }
  return std::nullopt;
}

Complaint check_doubles(const Bound& call) {
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const LogicalType type = call.operands[i]->type;
    if (type != LogicalType::real && type != LogicalType::null) return complain_of_type(call, i, LogicalType::real);
  }
  return std::nullopt;
}

}  // namespace trailhound::esql
