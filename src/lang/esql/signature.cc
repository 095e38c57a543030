#include "lang/esql/signature.h"

namespace trailhound::esql {

Shape shape_of(std::string_view signature) {
  Shape shape;
  bool optional = false;
  for (const char c : signature) {
    if (c == '?' && shape.parameters.empty()) {
      shape.first_is_optional = true;
    } else if (c == '?') {
      optional = true;
    } else if (c == '!') {
      shape.parameters.back().constant = true;
    } else if (c == '*') {
      shape.repeats = true;
    } else {
      shape.parameters.push_back({.letter = c});
      if (!optional) ++shape.required;
    }
  }
  if (shape.first_is_optional) --shape.required;
  if (shape.parameters.size() == 1 && !shape.repeats) shape.parameters.front().alone = true;
  return shape;
}

std::string_view wanted_name(char letter) {
  switch (letter) {
    case 's':
      return "string";
    case 'n':
      return "numeric";
    case 'm':
      return "numeric except unsigned_long or counter types";
    case 'w':
      return "whole number";
    case 'l':
      return "whole number except unsigned_long or counter types";
    case 'j':
      return "integer";
    case 'd':
      return "datetime";
    case 'p':
      return "time span";
    case 't':
      return "string or time span";
    case 'q':
      return "time span or numeric";
    case 'i':
      return "ip";
    case 'b':
      return "boolean";
    case 'v':
      return "version";
    case 'k':
      return "geo_point";
    case 'o':
      return "a type with an order";
    case 'z':
      return "a numeric, date, ip, version or string type";
    case 'h':
      return "any exact type except unsigned_long, _source, or counter types";
    case 'x':
      return "boolean, date, ip, string or numeric except unsigned_long or counter types";
    case 'y':
      return "integer, long, datetime or date_nanos";
    default:
      return "any type";
  }
}

bool accepts(char letter, LogicalType type) {
  if (type == LogicalType::null || letter == 'g') return true;
  const bool ordered = !is_span(type) && type != LogicalType::unsupported && type != LogicalType::geo_point;
  const bool large = type == LogicalType::unsigned_long;
  switch (letter) {
    case 's':
      return is_string(type);
    case 'n':
      return is_numeric(type);
    case 'm':
      return is_numeric(type) && !large;
    case 'w':
      return is_whole(type);
    case 'l':
      return is_whole(type) && !large;
    case 'j':
      return type == LogicalType::integer;
    case 'd':
      return is_date(type);
    case 'p':
      return is_span(type);
    case 't':
      return is_span(type) || is_string(type);
    case 'q':
      return is_span(type) || is_numeric(type);
    case 'i':
      return type == LogicalType::ip;
    case 'b':
      return type == LogicalType::boolean;
    case 'v':
      return type == LogicalType::version;
    case 'k':
      return type == LogicalType::geo_point;
    case 'o':
      return ordered;
    case 'z':
      return ordered && type != LogicalType::boolean;
    case 'h':
      return ordered && !large;
    case 'x':
      return ordered && !large && type != LogicalType::date_nanos && type != LogicalType::version;
    case 'y':
      return is_date(type) || (is_whole(type) && !large);
    default:
      return !is_span(type) && type != LogicalType::unsupported;
  }
}

LogicalType literal_target(char letter) {
  switch (letter) {
    case 'n':
    case 'm':
      return LogicalType::real;
    case 'w':
    case 'l':
      return LogicalType::long_integer;
    case 'j':
      return LogicalType::integer;
    case 'd':
      return LogicalType::date;
    case 'i':
      return LogicalType::ip;
    case 'b':
      return LogicalType::boolean;
    case 'v':
      return LogicalType::version;
    default:
      return LogicalType::null;
  }
}

}  // namespace trailhound::esql
