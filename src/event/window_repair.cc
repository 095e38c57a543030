#include "event/window_repair.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "base/ascii.h"

namespace trailhound::event {
namespace {

constexpr bool is_number_byte(char c) {
  return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// The index behind the string that begins at `at`.
std::size_t skip_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at) {
    if (json[at] == '\\') ++at;
  }
  return std::min(at + 1, json.size());
}

enum class Fit { yes, too_wide, no_number };

template <class Number>
Fit fit_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end != text.data() + text.size()) return Fit::no_number;
  if (error == std::errc::result_out_of_range) return Fit::too_wide;
  return error == std::errc{} ? Fit::yes : Fit::no_number;
}

bool is_too_wide_integer(std::string_view number) {
  if (fit_of<std::int64_t>(number) != Fit::too_wide) return false;
  return number.starts_with('-') || fit_of<std::uint64_t>(number) == Fit::too_wide;
}

/// What is no number at all is left as it is, for the parser to refuse.
void append_number(std::string& out, std::string_view number) {
  constexpr std::string_view kLargest = "1.7976931348623157e308";
  if (fit_of<double>(number) == Fit::too_wide) {
    if (number.starts_with('-')) out += '-';
    out +=
        number.find("e-") != std::string_view::npos || number.find("E-") != std::string_view::npos ? "0.0" : kLargest;
    return;
  }
  out += number;
  if (number.find_first_of(".eE") == std::string_view::npos && is_too_wide_integer(number)) out += ".0";
}

}  // namespace

std::string with_wide_numbers_as_doubles(std::string_view json) {
  std::string out;
  out.reserve(json.size() + 16 + json::Document::kPadding);
  for (std::size_t at = 0; at < json.size();) {
    std::size_t end = at + 1;
    if (json[at] == '"') {
      end = skip_string(json, at);
      out += json.substr(at, end - at);
    } else if (json[at] == '-' || is_digit(json[at])) {
      while (end < json.size() && is_number_byte(json[end])) ++end;
      append_number(out, json.substr(at, end - at));
    } else {
      out += json[at];
    }
    at = end;
  }
  return out;
}

RepairedWindow repair_window(std::string_view text, std::span<const source::RecordRange> ranges,
                             json::Document& document) {
  RepairedWindow repaired;
  for (std::size_t element = 0; element < ranges.size(); ++element) {
    const source::RecordRange& range = ranges[element];
    if (!range.complete) {
      repaired.losses.push_back({{range, element}, "the record is cut off or its brackets do not match"});
      continue;
    }
    std::string record = with_wide_numbers_as_doubles(text.substr(range.begin, range.size));
    json::replace_lone_surrogates(record);
    if (ranges.size() > 1) {
      if (const auto value = document.parse(record); !value) {
        repaired.losses.push_back({{range, element}, value.error().what});
        continue;
      }
    }
    record.insert(record.begin(), repaired.records.empty() ? '[' : ',');
    if (repaired.records.empty()) {
      repaired.text = std::move(record);  // a giant is not copied
    } else {
      repaired.text += record;
    }
    repaired.records.push_back({range, element});
  }
  if (repaired.records.empty()) return repaired;
  repaired.text += ']';
  repaired.size = repaired.text.size();
  repaired.text.append(json::Document::kPadding, ' ');
  return repaired;
}

}  // namespace trailhound::event
