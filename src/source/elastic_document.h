#pragma once
/// Documents of Elastic's AWS integration that came without the record they were made of. Internal to src/source.
///
///     {"@timestamp":"2026-03-02T09:00:00.000Z","event":{"action":"CreateUser","provider":"iam.amazonaws.com"},
///      "aws":{"cloudtrail":{"user_identity":{"arn":"arn:aws:iam::111122223333:user/u"}}}}
///
/// The record is put together again from what the document says: who, when, where from, what, with which outcome. Names
/// may be nested, dotted, or both, and values lists of one, as the search API gives `fields`. What the integration
/// computed (networks, places, entities) has no place in a record, so the document goes along as its member
/// `elasticDocument`, for rules that are written over documents.

#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"

namespace trailhound::source {

inline constexpr std::string_view kCloudTrailDataSet = "aws.cloudtrail";
/// The data set that the document says it is of; "" if it says none.
[[nodiscard]] std::string_view data_set_of(json::Value document);
/// Whether it is an alert: a copy of an event, with what the rule that made it has to say.
[[nodiscard]] bool is_elastic_alert(json::Value document);

/// The record as JSON text; nothing if the object is no document about a CloudTrail event.
[[nodiscard]] std::optional<std::string> record_of_elastic_document(json::Value document);

}  // namespace trailhound::source
