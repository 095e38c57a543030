#pragma once
/// A CloudTrail record as the document that Elastic's AWS integration makes of it (package 8.9.0), as a tree. The
/// printed form is `append_ecs_document` in event/documents.h.
///
/// The order of steps follows the pipeline, because later steps see what earlier ones moved away. Differences, all of
/// them on purpose: no event.created and event.ingested (they are read times), no tags and other fields of the agent
/// (the tag preserve_original_event apart, which the pipeline itself adds to faulty events), own wording of
/// error.message. The index template's data_stream.*, event.dataset and event.module are there.

#include <string_view>

#include "base/json_value.h"
#include "event/documents.h"
#include "event/ecs_node.h"
#include "event/geo.h"

namespace trailhound::event {

/// `geo` may be null. `original` is the record's text, used with options.original. The tree views into the record.
[[nodiscard]] Node build_ecs_document(json::Value root, const Geo* geo, const EcsOptions& options,
                                      std::string_view original = {});

}  // namespace trailhound::event
