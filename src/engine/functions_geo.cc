// Points on the earth, kept as their text: "POINT (longitude latitude)".

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <vector>

#include "base/ascii.h"
#include "engine/function_kernels.h"
#include "engine/value_text.h"

namespace trailhound::engine::kernels {
namespace {

struct Point {
  double x = 0;
  double y = 0;
};

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

std::optional<double> take_number(std::string_view& text) {
  skip_blanks(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// Well-known text of a point, in any case; a height is read and left out.
std::optional<Point> read_point(std::string_view text) {
  skip_blanks(text);
  for (const char c : std::string_view("point")) {
    if (text.empty() || (text.front() | 0x20) != c) return std::nullopt;
    text.remove_prefix(1);
  }
  skip_blanks(text);
  if (!text.starts_with('(')) return std::nullopt;
  text.remove_prefix(1);
  const auto x = take_number(text);
  const auto y = x ? take_number(text) : std::nullopt;
  if (!y) return std::nullopt;
  skip_blanks(text);
  if (!text.starts_with(')')) {
    if (!take_number(text)) return std::nullopt;
    skip_blanks(text);
  }
  if (!text.starts_with(')')) return std::nullopt;
  text.remove_prefix(1);
  skip_blanks(text);
  return text.empty() ? std::optional(Point{*x, *y}) : std::nullopt;
}

std::optional<Point> point(const FunctionCall& call, std::size_t i) {
  const auto text = call.text(i);
  return text ? read_point(*text) : std::nullopt;
}

constexpr double kEarthRadius = 6'371'008.7714;  // metres, the mean of the ellipsoid's

}  // namespace

Cell to_geo_point(const FunctionCall& call) {
  std::vector<Scalar> points;
  for (const Scalar& element : call.values(0)) {
    const auto* text = std::get_if<std::string_view>(&element);
    const auto read = text ? read_point(*text) : std::nullopt;
    if (!read) {
      (void)call.fail(Failure::conversion, "Failed to parse WKT: [" + value_text(element, call.type(0)) + "]");
      continue;
    }
    const std::string canonical = "POINT (" + value_text(read->x, plan::LogicalType::real) + " " +
                                  value_text(read->y, plan::LogicalType::real) + ")";
    points.emplace_back(call.arena().copy(std::string_view(canonical)));
  }
  return call.several_result(points);
}

Cell st_x(const FunctionCall& call) {
  const auto place = point(call, 0);
  return place ? call.real_result(place->x) : Cell::null();
}

Cell st_y(const FunctionCall& call) {
  const auto place = point(call, 0);
  return place ? call.real_result(place->y) : Cell::null();
}

Cell st_distance(const FunctionCall& call) {
  const auto a = point(call, 0);
  const auto b = point(call, 1);
  if (!a || !b) return Cell::null();
  constexpr double kRadian = std::numbers::pi / 180;
  const double half_height = std::sin((b->y - a->y) * kRadian / 2);
  const double half_width = std::sin((b->x - a->x) * kRadian / 2);
  const double haversine =
      half_height * half_height + std::cos(a->y * kRadian) * std::cos(b->y * kRadian) * half_width * half_width;
  return call.real_result(2 * kEarthRadius * std::asin(std::min(1.0, std::sqrt(haversine))));
}

}  // namespace trailhound::engine::kernels
