#include "source/recognise.h"

#include <optional>

#include "base/json_value.h"
#include "source/record_source.h"

namespace trailhound::source {
namespace {

constexpr std::string_view kRecordForm = "cloudtrail records";

Unwrapped look_at(json::Document& document, std::string_view text) {
  const Result<json::Value> value = document.parse(text);
  if (!value && looks_like_record(text)) return {Unwrapped::Kind::records, {}, std::string(kRecordForm), {}};
  if (!value) return {Unwrapped::Kind::unknown, {}, {}, "its JSON is broken: " + value.error().what};
  if (is_record(*value)) return {Unwrapped::Kind::records, {}, std::string(kRecordForm), {}};
  return unwrap(*value);
}

}  // namespace

bool looks_like_record(std::string_view text) {
  for (const std::string_view key : {"\"eventVersion\"", "\"eventSource\"", "\"eventName\""}) {
    if (text.find(key) == std::string_view::npos) return false;
  }
  return true;
}

Recognition recognise(const std::vector<std::string_view>& elements, bool all) {
  json::Document document;
  std::optional<Unwrapped> aside, not_read, unknown;
  for (std::size_t i = 0; i < elements.size() && i < kElementsTried; ++i) {
    Unwrapped found = look_at(document, elements[i]);
    switch (found.kind) {
      case Unwrapped::Kind::records:
        return {true, true, FileOutcome::read, std::move(found.form), {}};
      case Unwrapped::Kind::set_aside:
        if (!aside) aside = std::move(found);
        break;
      case Unwrapped::Kind::not_read:
        if (!not_read) not_read = std::move(found);
        break;
      case Unwrapped::Kind::unknown:
        if (!unknown) unknown = std::move(found);
        break;
    }
  }
  if (not_read) return {false, false, FileOutcome::not_read, std::move(not_read->form), std::move(not_read->reason)};
  if (aside && !unknown) {
    if (!all) return {true, false, FileOutcome::read, std::move(aside->form), {}};
    return {false, false, FileOutcome::set_aside, std::move(aside->form), std::move(aside->reason)};
  }
  std::string reason = "JSON without CloudTrail records";
  if (unknown && !unknown->reason.empty()) reason += ": " + unknown->reason;
  return {false, false, FileOutcome::unreadable, "json", std::move(reason)};
}

}  // namespace trailhound::source
