#pragma once
/// The anomaly jobs behind Elastic's machine learning rules over CloudTrail: what each one reads and looks for.

#include <string_view>

#include "base/instant.h"
#include "plan/plan.h"

namespace trailhound::rule {

struct CloudTrailJob {
  std::string_view id;
  plan::AnomalyJob::Detector detector;
  std::string_view field;      ///< whose values are rare, or whose distinct values are counted
  std::string_view partition;  ///< a model for each of its values; empty: one in all
  std::int64_t bucket_minutes;
};

/// The job of that id, with or without the prefix of a version ("v3_rare_error_code"); null if it is none over
/// CloudTrail.
[[nodiscard]] const CloudTrailJob* find_cloudtrail_job(std::string_view id);

}  // namespace trailhound::rule
