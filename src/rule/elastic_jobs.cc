#include "rule/elastic_jobs.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace trailhound::rule {
namespace {

using Detector = plan::AnomalyJob::Detector;

constexpr auto kJobs = std::to_array<CloudTrailJob>({
    {"high_distinct_count_error_message", Detector::high_distinct_count, "aws.cloudtrail.error_message", "", 15},
    {"rare_error_code", Detector::rare, "aws.cloudtrail.error_code", "", 60},
    {"rare_method_for_a_city", Detector::rare, "event.action", "source.geo.city_name", 60},
    {"rare_method_for_a_country", Detector::rare, "event.action", "source.geo.country_iso_code", 60},
    {"rare_method_for_a_user_id_ea", Detector::rare, "event.action", "user.id", 60},
    {"rare_method_for_a_username", Detector::rare, "event.action", "user.name", 60},
});

}  // namespace

const CloudTrailJob* find_cloudtrail_job(std::string_view id) {
  const std::size_t line = id.find('_');
  const bool versioned = line != std::string_view::npos && line > 1 && id.front() == 'v' &&
                         std::ranges::all_of(id.substr(1, line - 1), is_digit);
  if (versioned) id.remove_prefix(line + 1);
  const auto job = std::ranges::find(kJobs, id, &CloudTrailJob::id);
  return job == kJobs.end() ? nullptr : &*job;
}

}  // namespace trailhound::rule
