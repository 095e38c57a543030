#include "source/recognise.h"

#include <utility>

namespace trailhound::source {
namespace {

constexpr std::string_view kRecordForm = "cloudtrail records";

Unwrapped unwrapped(json::Document& document, std::string_view text) {
  const Result<json::Value> value = document.parse(text);
  if (!value && looks_like_record(text)) return {Unwrapped::Kind::records, std::string(kRecordForm), {}};
  if (!value) return {Unwrapped::Kind::unknown, {}, "its JSON is broken: " + value.error().what};
  if (is_record(*value)) return {Unwrapped::Kind::records, std::string(kRecordForm), {}};
  return unwrap(*value, [](std::string&&) {});
}

}  // namespace

bool looks_like_record(std::string_view text) {
  for (const std::string_view key : {"\"eventVersion\"", "\"eventSource\"", "\"eventName\""}) {
    if (text.find(key) == std::string_view::npos) return false;
  }
  return true;
}

bool Recogniser::look_at(std::string_view element) {
  if (looked_at_ == kElementsTried) return true;
  ++looked_at_;
  Unwrapped found = unwrapped(document_, element);
  std::optional<Unwrapped>* first = &unknown_;
  switch (found.kind) {
    case Unwrapped::Kind::records:
      first = &records_;
      break;
    case Unwrapped::Kind::set_aside:
      first = &aside_;
      break;
    case Unwrapped::Kind::not_read:
      first = &not_read_;
      break;
    case Unwrapped::Kind::unknown:
      break;
  }
  if (!*first) *first = std::move(found);
  return records_.has_value();
}

Recognition Recogniser::result(bool all) const {
  if (records_) return {true, FileOutcome::read, records_->form, {}};
  if (not_read_) return {false, FileOutcome::not_read, not_read_->form, not_read_->reason};
  if (aside_ && !unknown_) {
    if (!all) return {true, FileOutcome::read, aside_->form, {}};
    return {false, FileOutcome::set_aside, aside_->form, aside_->reason};
  }
  std::string reason = "JSON without CloudTrail records";
  if (unknown_ && !unknown_->reason.empty()) reason += ": " + unknown_->reason;
  return {false, FileOutcome::unreadable, "json", std::move(reason)};
}

}  // namespace trailhound::source
