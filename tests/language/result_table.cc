#include "result_table.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "base/instant.h"
#include "base/json_value.h"
#include "base/json_writer.h"

namespace trailhound::language_test {
namespace {

using event::LogicalType;

/// The names that results use; `any` is what a flattened field holds, which Elastic maps as keyword.
std::string type_text(LogicalType type) {
  switch (type) {
    case LogicalType::any:
    case LogicalType::keyword:
      return "keyword";
    case LogicalType::date:
      return "date";
    case LogicalType::date_nanos:
      return "date_nanos";
    default:
      return std::string(event::name_of(type));
  }
}

std::string number_text(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%.12g", number == 0 ? 0.0 : number);
  return text;
}

std::string in_quotes(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

/// Nanoseconds since the epoch with the digits that it needs, but three at least.
std::string nanos_text(std::int64_t nanos) {
  std::int64_t seconds = nanos / 1'000'000'000;
  std::int64_t rest = nanos % 1'000'000'000;
  if (rest < 0) {
    rest += 1'000'000'000;
    --seconds;
  }
  char digits[16];
  std::snprintf(digits, sizeof digits, ".%09lld", static_cast<long long>(rest));
  std::string fraction(digits);
  while (fraction.size() > 4 && fraction.ends_with('0')) fraction.pop_back();
  std::string text = format_rfc3339(Instant::from_seconds(seconds));
  text.pop_back();
  return text + fraction + "Z";
}

std::string integer_text(std::int64_t number, LogicalType type) {
  switch (type) {
    case LogicalType::date:
      return in_quotes(format_iso_millis({number}));
    case LogicalType::date_nanos:
      return in_quotes(nanos_text(number));
    case LogicalType::unsigned_long:
      return std::to_string(static_cast<std::uint64_t>(number));
    case LogicalType::real:
      return number_text(static_cast<double>(number));
    default:
      return std::to_string(number);
  }
}

/// One value as JSON; a physical type that does not fit its column shows as such instead of passing by luck.
std::string value_text(const Value& value, LogicalType type) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return integer_text(*number, type);
  if (const auto* real = std::get_if<double>(&value)) {
    return type == LogicalType::real ? number_text(*real) : "double " + number_text(*real);
  }
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (std::holds_alternative<std::monostate>(value)) return "null";
  return in_quotes(to_text(value));
}

std::string list_text(const std::vector<std::string>& values) {
  if (values.empty()) return "null";
  if (values.size() == 1) return values.front();
  std::string text = "[";
  for (const std::string& value : values) text += (text.size() > 1 ? ", " : "") + value;
  return text + "]";
}

std::string expected_value(const json::Value& value, bool is_real) {
  if (const auto text = value.string()) return in_quotes(*text);
  if (is_real && value.number()) return number_text(*value.number());
  std::string json;
  value.append_json(json);
  return json;
}

std::string expected_cell(const json::Value& value, bool is_real) {
  if (!value.is(json::Kind::array)) return expected_value(value, is_real);
  std::vector<std::string> values;
  for (const json::Value& element : value.elements()) values.push_back(expected_value(element, is_real));
  return list_text(values);
}

/// "a:long, b:keyword"; the type stands behind the last colon, a comma in a name is doubled.
std::vector<std::string> parse_columns(std::string_view line) {
  std::vector<std::string> columns;
  std::string column;
  for (std::size_t at = 0; at <= line.size(); ++at) {
    if (at < line.size() && (line[at] != ',' || (at + 1 < line.size() && line[at + 1] == ','))) {
      if (line[at] == ',') ++at;
      if (line[at] != ' ' || !column.empty()) column += line[at];
    } else {
      if (column.find(':') == std::string::npos) throw std::runtime_error("no type in column " + column);
      columns.push_back(std::move(column));
      column.clear();
    }
  }
  return columns;
}

/// The values of a list cell, split where a list of values splits: at commas outside strings.
std::vector<std::string> values_of(const std::string& cell) {
  std::vector<std::string> values(1);
  bool in_string = false;
  for (std::size_t at = 1; at + 1 < cell.size(); ++at) {
    const char c = cell[at];
    if (in_string && c == '\\') {
      values.back() += c;
      values.back() += cell[++at];
      continue;
    }
    if (c == '"') in_string = !in_string;
    if (!in_string && c == ',') {
      values.emplace_back();
    } else if (in_string || c != ' ') {
      values.back() += c;
    }
  }
  return values;
}

}  // namespace

void ResultTable::sort_rows() { std::sort(rows.begin(), rows.end()); }

void ResultTable::sort_values() {
  for (auto& row : rows) {
    for (std::string& cell : row) {
      if (!cell.starts_with('[')) continue;
      std::vector<std::string> values = values_of(cell);
      std::sort(values.begin(), values.end());
      cell = list_text(values);
    }
  }
}

std::string ResultTable::text() const {
  std::string text;
  for (const std::string& column : columns) text += (text.empty() ? "" : ", ") + column;
  for (const auto& row : rows) {
    std::string line;
    for (const std::string& cell : row) line += (line.empty() ? "" : ", ") + cell;
    text += "\n[" + line + "]";
  }
  return text;
}

ResultTable parse_result_table(const std::vector<std::string_view>& lines) {
  ResultTable table;
  if (lines.empty()) throw std::runtime_error("an expected table needs a line of columns");
  // The row format of a table without columns is a line with a dash.
  if (lines.front() != "-") table.columns = parse_columns(lines.front());
  json::Document document;
  for (std::size_t at = 1; at < lines.size(); ++at) {
    const auto row = document.parse(lines[at]);
    if (!row || !row->is(json::Kind::array) || row->size() != table.columns.size()) {
      throw std::runtime_error("not a row of " + std::to_string(table.columns.size()) +
                               " values: " + std::string(lines[at]));
    }
    std::vector<std::string> cells;
    for (const json::Value& cell : row->elements()) {
      cells.push_back(expected_cell(cell, table.columns[cells.size()].ends_with(":double")));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

ResultTable to_result_table(const run::QueryResult& result) {
  ResultTable table;
  for (const plan::TableColumn& column : result.columns)
    table.columns.push_back(column.name + ":" + type_text(column.type));
  for (const auto& row : result.rows) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; at < row.size(); ++at) {
      const LogicalType type = at < result.columns.size() ? result.columns[at].type : LogicalType::unsupported;
      std::vector<std::string> values;
      for (const Value& value : row[at]) values.push_back(value_text(value, type));
      cells.push_back(list_text(values));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace trailhound::language_test
