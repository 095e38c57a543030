#include "run/query_output.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/json_writer.h"
#include "base/number_text.h"
#include "engine/value_text.h"
#include "sink/terminal_text.h"

namespace trailhound::run {
namespace {

using plan::LogicalType;

void write_value(json::Writer& writer, const Value& value, LogicalType type) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  if (whole && (type == LogicalType::date || type == LogicalType::date_nanos)) {
    writer.string(engine::value_text(*whole, type));
  } else if (whole && type == LogicalType::unsigned_long) {
    writer.unsigned_integer(static_cast<std::uint64_t>(*whole));
  } else if (const auto* real = std::get_if<double>(&value); real && std::isfinite(*real)) {
    writer.raw(real_text_kept_real(*real));  // 7.0, not 7
  } else {
    writer.value(value);
  }
}

void write_cell(json::Writer& writer, const Values& cell, LogicalType type) {
  if (cell.empty()) {
    writer.null();
  } else if (cell.size() == 1) {
    write_value(writer, cell[0], type);
  } else {
    writer.begin_array();
    for (const Value& value : cell) write_value(writer, value, type);
    writer.end_array();
  }
}

/// One value without quotes.
std::string text_of(const Value& value, LogicalType type) {
  if (std::holds_alternative<std::string>(value)) return std::get<std::string>(value);
  std::string out;
  json::Writer writer(out);
  write_value(writer, value, type);
  if (out.size() >= 2 && out.front() == '"') return out.substr(1, out.size() - 2);
  return out;
}

std::string text_of(const Values& cell, LogicalType type) {
  if (cell.empty()) return {};
  if (cell.size() == 1) return text_of(cell[0], type);
  std::string text = "[";
  for (const Value& value : cell) text += (text.size() > 1 ? "," : "") + text_of(value, type);
  return text + "]";
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

/// At most `most` code points; what was left out shows as "...".
std::string cut(const std::string& text, std::size_t most) {
  std::size_t points = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
    if (begins && ++points > most) return text.substr(0, i) + "...";
  }
  return text;
}

void append_padded(std::string& out, const std::string& text, std::size_t width, bool last) {
  out += text;
  const std::size_t shown = sink::display_width(text);
  if (!last && shown < width) out.append(width - shown, ' ');
}

}  // namespace

std::string_view type_name(LogicalType type) {
  switch (type) {
    case LogicalType::any:
      return "keyword";  // flattened leaves
    case LogicalType::date:
      return "date";
    default:
      return name_of(type);
  }
}

std::string to_json(const QueryResult& result) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("columns").begin_array();
  for (const auto& column : result.columns) {
    writer.begin_object().key("name").string(column.name).key("type").string(type_name(column.type)).end_object();
  }
  writer.end_array().key("values").begin_array();
  for (const auto& row : result.rows) {
    writer.begin_array();
    for (std::size_t i = 0; i < row.size(); ++i) write_cell(writer, row[i], result.columns[i].type);
    writer.end_array();
  }
  writer.end_array().end_object();
  return out;
}

std::string to_csv(const QueryResult& result) {
  std::string out;
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    out += (i > 0 ? "," : "") + csv_field(result.columns[i].name);
  }
  out += '\n';
  for (const auto& row : result.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += (i > 0 ? "," : "") + csv_field(text_of(row[i], result.columns[i].type));
    }
    out += '\n';
  }
  return out;
}

std::string to_table(const QueryResult& result, std::size_t max_columns) {
  constexpr std::size_t kWidest = 80;
  std::vector<std::size_t> shown;
  const bool many = result.columns.size() > max_columns;
  for (std::size_t i = 0; i < result.columns.size(); ++i) {
    const bool any = std::ranges::any_of(result.rows, [i](const auto& row) { return !row[i].empty(); });
    if (!many || any) shown.push_back(i);
  }
  std::vector<std::vector<std::string>> lines(1);
  for (const std::size_t i : shown) lines[0].push_back(sink::printable(result.columns[i].name));
  for (const auto& row : result.rows) {
    std::vector<std::string> line;
    for (const std::size_t i : shown) {
      const std::string text = row[i].empty() ? "null" : text_of(row[i], result.columns[i].type);
      line.push_back(cut(sink::printable(text), kWidest));
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(shown.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], sink::display_width(line[i]));
  }
  std::string out;
  const auto add_line = [&](const std::vector<std::string>& line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      append_padded(out, line[i], widths[i], i + 1 == line.size());
      if (i + 1 < line.size()) out += "  ";
    }
    out += '\n';
  };
  add_line(lines[0]);
  std::vector<std::string> rule;
  for (const std::size_t width : widths) rule.emplace_back(width, '-');
  add_line(rule);
  for (std::size_t i = 1; i < lines.size(); ++i) add_line(lines[i]);
  const std::size_t hidden = result.columns.size() - shown.size();
  if (hidden > 0) out += "(" + std::to_string(hidden) + " columns without any value are not shown)\n";
  return out;
}

}  // namespace trailhound::run
