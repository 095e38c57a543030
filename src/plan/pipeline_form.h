#pragma once
/// Pipelines of table commands as forms and back. Inside src/plan only.
///
///     (pipeline (columns ("name")::type ...) step ...)
///     step = (filter E) | (compute E ...) | (project n ...) | (sort (asc|desc n nulls_first?)::type ...)
///          | (limit count n ...) | (expand n) | (distinct n ...) | (extract n EXTRACTION)
///          | (aggregate|aggregate_inline (measure NAME n ... option ...)::type ... (keys n ...))
///
/// The source is left out: in a plan the rows come from a query. Joins read files and have no form; printing one says
/// so, reading it back is an error.

#include "plan/pipeline.h"
#include "plan/text_form.h"

namespace trailhound::plan {

[[nodiscard]] Form to_form(const Pipeline& pipeline);
[[nodiscard]] Result<Pipeline> read_pipeline(const Form& form, std::string_view text, const ColumnResolver& columns);

}  // namespace trailhound::plan
