#pragma once
/// Whole records as documents in a view's names: what `trailhound events --schema ...` prints, one JSON object a line.
///
/// ECS documents agree field by field with what Elastic's AWS integration (package 8.9) makes of the record, actor and
/// target entity fields included; Datadog documents carry the attributes of its CloudTrail pipeline. The single cells
/// that rules read (`Catalog`) are taken by shorter ways; a test holds the two equal.

#include <memory>
#include <string>

#include "base/json_value.h"
#include "event/batch.h"
#include "event/geo.h"

namespace trailhound::event {

struct EcsOptions {
  bool entities = true;   ///< the integration's tag actor_target_mapping
  bool original = false;  ///< keep event.original
};

/// Appends one JSON object without a newline.
void append_ecs_document(std::string& out, const Record& record, const Geo* geo, const EcsOptions& options = {});
/// The same for a CloudTrail digest, which is no record but a document all the same.
void append_ecs_digest(std::string& out, json::Value digest);
void append_datadog_document(std::string& out, const Record& record, const Geo* geo);
void append_raw_document(std::string& out, const Record& record);

}  // namespace trailhound::event
