#include "event/column.h"

namespace trailhound::event {

std::string_view name_of(View view) {
  switch (view) {
    case View::raw:
      return "raw";
    case View::ecs:
      return "ecs";
    case View::datadog:
      return "datadog";
    case View::address:
      return "address";
  }
  return "";
}

std::string_view name_of(Member member) {
  switch (member) {
    case Member::error_message:
      return "errorMessage";
    case Member::request_parameters:
      return "requestParameters";
    case Member::response_elements:
      return "responseElements";
    case Member::additional_event_data:
      return "additionalEventData";
    case Member::service_event_details:
      return "serviceEventDetails";
    case Member::resources:
      return "resources";
    case Member::session_context:
      return "sessionContext";
  }
  return "";
}

std::string_view name_of(LogicalType type) {
  switch (type) {
    case LogicalType::any:
      return "any";
    case LogicalType::null:
      return "null";
    case LogicalType::boolean:
      return "boolean";
    case LogicalType::integer:
      return "integer";
    case LogicalType::long_integer:
      return "long";
    case LogicalType::unsigned_long:
      return "unsigned_long";
    case LogicalType::real:
      return "double";
    case LogicalType::keyword:
      return "keyword";
    case LogicalType::text:
      return "text";
    case LogicalType::ip:
      return "ip";
    case LogicalType::date:
      return "datetime";
    case LogicalType::date_nanos:
      return "date_nanos";
    case LogicalType::version:
      return "version";
    case LogicalType::geo_point:
      return "geo_point";
    case LogicalType::date_period:
      return "date_period";
    case LogicalType::time_duration:
      return "time_duration";
    case LogicalType::unsupported:
      return "unsupported";
  }
  return "";
}

}  // namespace trailhound::event
