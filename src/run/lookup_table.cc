#include "run/lookup_table.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <system_error>
#include <vector>

#include "base/instant.h"
#include "base/json_value.h"
#include "base/number_text.h"
#include "base/text_file.h"
#include "lang/esql/types.h"
#include "plan/read_value.h"

namespace trailhound::run {
namespace {

using plan::LogicalType;

constexpr int kMaxNesting = 20;
constexpr Duration kMillisecond{1'000};

/// One value as the file has it.
struct Raw {
  std::string text;
  bool is_string = false;  ///< a JSON string: no number or boolean, whatever it looks like
};
using RawCell = std::vector<Raw>;

struct RawTable {
  std::vector<std::string> names;
  std::vector<LogicalType> types;  ///< any: to be found out
  std::vector<std::vector<RawCell>> rows;
  std::map<std::string, std::size_t, std::less<>> index;

  std::size_t column(std::string_view name) {
    if (const auto found = index.find(name); found != index.end()) return found->second;
    names.emplace_back(name);
    types.push_back(LogicalType::any);
    index.emplace(name, names.size() - 1);
    return names.size() - 1;
  }
  static RawCell& cell(std::vector<RawCell>& row, std::size_t column) {
    if (row.size() <= column) row.resize(column + 1);
    return row[column];
  }
};

/// The value as the type, or nothing.
std::optional<Value> read_as(LogicalType type, const Raw& raw) {
  switch (type) {
    case LogicalType::boolean:
      if (raw.text == "true") return Value(true);
      if (raw.text == "false") return Value(false);
      return std::nullopt;
    case LogicalType::integer: {
      const auto whole = number_in<std::int32_t>(raw.text);
      return whole ? std::optional<Value>(std::int64_t{*whole}) : std::nullopt;
    }
    case LogicalType::long_integer: {
      const auto whole = number_in<std::int64_t>(raw.text);
      return whole ? std::optional<Value>(*whole) : std::nullopt;
    }
    case LogicalType::real: {
      const auto real = number_in<double>(raw.text);
      return real && std::isfinite(*real) ? std::optional<Value>(*real) : std::nullopt;
    }
    case LogicalType::ip: {
      const auto address = parse_ip(raw.text);
      return address ? std::optional<Value>(*address) : std::nullopt;
    }
    case LogicalType::date: {
      const auto instant = parse_iso_as_utc(raw.text);
      return instant ? std::optional<Value>(floor_to(*instant, kMillisecond).micros) : std::nullopt;
    }
    case LogicalType::date_nanos: {
      const auto nanos = plan::read_date(raw.text, type);
      return nanos ? std::optional<Value>(*nanos) : std::nullopt;
    }
    case LogicalType::unsigned_long: {
      const auto whole = number_in<std::uint64_t>(raw.text);
      return whole ? std::optional<Value>(static_cast<std::int64_t>(*whole)) : std::nullopt;
    }
    default:
      return Value(raw.text);
  }
}

LogicalType narrowest(const RawTable& table, std::size_t column) {
  constexpr LogicalType kNarrowToWide[] = {LogicalType::boolean, LogicalType::long_integer, LogicalType::real,
                                           LogicalType::ip, LogicalType::date};
  for (const LogicalType type : kNarrowToWide) {
    const bool of_text = type == LogicalType::ip || type == LogicalType::date;
    bool any = false;
    const auto fits = [&](const Raw& raw) {
      any = true;
      if (raw.is_string && !of_text) return false;
      if (type == LogicalType::date && raw.text.find('T') == std::string::npos) return false;
      return read_as(type, raw).has_value();
    };
    const bool all = std::ranges::all_of(
        table.rows, [&](const auto& row) { return row.size() <= column || std::ranges::all_of(row[column], fits); });
    if (all && any) return type;
  }
  return LogicalType::keyword;
}

bool can_hold(LogicalType type) {
  constexpr LogicalType kTypes[] = {
      LogicalType::boolean,    LogicalType::integer, LogicalType::long_integer, LogicalType::unsigned_long,
      LogicalType::real,       LogicalType::keyword, LogicalType::ip,           LogicalType::date,
      LogicalType::date_nanos, LogicalType::version};
  return std::ranges::find(kTypes, type) != std::end(kTypes);
}

// ---- CSV

/// The fields of all lines; quotes as in RFC 4180.
Result<std::vector<std::vector<Raw>>> split_csv(std::string_view text, const std::string& path) {
  std::vector<std::vector<Raw>> lines;
  std::vector<Raw> line;
  Raw field;
  bool quoted = false;
  const auto end_field = [&] {
    line.push_back(std::move(field));
    field = {};
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        field.text += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field.text += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && field.text.empty()) {
      quoted = true;
      field.is_string = true;
    } else if (c == ',') {
      end_field();
    } else if (c == '\n') {
      end_field();
      lines.push_back(std::move(line));
      line = {};
    } else if (c != '\r') {
      field.text += c;
    }
  }
  if (quoted) return fail("a quoted field does not end", path);
  if (!line.empty() || !field.text.empty() || field.is_string) {
    end_field();
    lines.push_back(std::move(line));
  }
  return lines;
}

Result<RawTable> read_csv(std::string_view text, const std::string& path) {
  TRY(auto lines, split_csv(text, path));
  if (lines.empty()) return fail("the file has no header", path);
  RawTable table;
  for (const Raw& field : lines.front()) {
    // What stands behind a colon is part of the name unless it is a type's name.
    const std::string_view named = field.text;
    const std::size_t colon = named.rfind(':');
    const auto type = colon == std::string_view::npos ? std::nullopt : esql::type_named(named.substr(colon + 1));
    if (type && !can_hold(*type)) {
      return fail("a table has no columns of type " + std::string(named.substr(colon + 1)), path + ":1");
    }
    const std::size_t column = table.column(type ? named.substr(0, colon) : named);
    if (type) table.types[column] = *type;
  }
  if (table.names.size() != lines.front().size()) return fail("two columns have one name", path);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].size() == 1 && lines[i][0].text.empty()) continue;
    if (lines[i].size() != table.names.size()) {
      return fail("the row does not have as many fields as the header", path + ":" + std::to_string(i + 1));
    }
    std::vector<RawCell> row(table.names.size());
    for (std::size_t column = 0; column < row.size(); ++column) {
      Raw& field = lines[i][column];
      if (!field.text.empty() || field.is_string) row[column].push_back(std::move(field));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// ---- JSON lines

void add_json(RawTable& table, std::vector<RawCell>& row, const std::string& name, json::Value value, int depth) {
  if (depth > kMaxNesting) return;
  switch (value.kind()) {
    case json::Kind::object:
      for (const json::Member& member : value.members()) {
        const std::string inner = name.empty() ? std::string(member.key) : name + "." + std::string(member.key);
        add_json(table, row, inner, member.value, depth + 1);
      }
      return;
    case json::Kind::array:
      (void)table.column(name);
      for (const json::Value element : value.elements()) add_json(table, row, name, element, depth + 1);
      return;
    case json::Kind::missing:
    case json::Kind::null:
      (void)table.column(name);
      return;
    case json::Kind::string:
      RawTable::cell(row, table.column(name)).push_back({std::string(*value.string()), true});
      return;
    default: {
      std::string text;
      value.append_json(text);
      RawTable::cell(row, table.column(name)).push_back({std::move(text), false});
      return;
    }
  }
}

Result<RawTable> read_json_lines(std::string_view text, const std::string& path) {
  RawTable table;
  json::Document document;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto root = document.parse(line);
    const std::string place = path + ":" + std::to_string(number);
    if (!root) return fail(root.error().what, place);
    if (!root->is(json::Kind::object)) return fail("one object a line is expected", place);
    std::vector<RawCell> row;
    add_json(table, row, "", *root, 0);
    table.rows.push_back(std::move(row));
  }
  return table;
}

// ---- the table

Result<std::shared_ptr<const plan::LookupTable>> typed(RawTable&& raw, std::string_view name, const std::string& path) {
  auto table = std::make_shared<plan::LookupTable>();
  table->name = name;
  for (std::size_t i = 0; i < raw.names.size(); ++i) {
    const LogicalType type = raw.types[i] == LogicalType::any ? narrowest(raw, i) : raw.types[i];
    table->columns.push_back({raw.names[i], type});
  }
  for (const auto& row : raw.rows) {
    std::vector<Values> cells(table->columns.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      for (const Raw& one : row[i]) {
        auto value = read_as(table->columns[i].type, one);
        if (!value) {
          return fail("\"" + one.text + "\" is no " + std::string(event::name_of(table->columns[i].type)) +
                          " (column " + table->columns[i].name + ")",
                      path);
        }
        cells[i].push_back(*std::move(value));
      }
    }
    table->rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace

Result<std::shared_ptr<const plan::LookupTable>> read_table_file(const std::string& path, std::string_view name) {
  const bool is_csv = path.ends_with(".csv");
  if (!is_csv && !path.ends_with(".jsonl") && !path.ends_with(".ndjson")) {
    return fail("a table is CSV or JSON lines", path, "name it .csv, .jsonl or .ndjson");
  }
  TRY(std::string text, read_text_file(path, kMaxLookupBytes));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  TRY(auto raw, is_csv ? read_csv(text, path) : read_json_lines(text, path));
  return typed(std::move(raw), name, path);
}

Result<std::shared_ptr<const plan::LookupTable>> read_lookup_table(const std::string& folder, std::string_view name) {
  const std::string unknown = "Unknown index [" + std::string(name) + "]";
  if (folder.empty()) return fail(unknown, {}, "say with --lookup where lookup tables are");
  if (name.empty() || name.find('/') != std::string_view::npos || name.starts_with('.')) return fail(unknown);
  for (const char* extension : {".csv", ".jsonl", ".ndjson"}) {
    const std::string path = folder + "/" + std::string(name) + extension;
    std::error_code error;
    if (std::filesystem::exists(path, error)) return read_table_file(path, name);
  }
  return fail(unknown, {}, "no " + std::string(name) + ".csv or .jsonl in " + folder);
}

}  // namespace trailhound::run
