// The raw view: every path through a record is a column.

#include <array>
#include <utility>

#include "event/batch.h"
#include "event/column_table.h"
#include "event/hot_columns.h"
#include "event/json_path.h"

namespace trailhound::event {

std::optional<Hot> hot_at(std::string_view raw_path) {
  static constexpr std::array<std::pair<std::string_view, Hot>, kHotCount> kPaths = {{
      {"eventSource", Hot::event_source},
      {"eventName", Hot::event_name},
      {"awsRegion", Hot::region},
      {"recipientAccountId", Hot::recipient_account},
      {"userAgent", Hot::user_agent},
      {"sourceIPAddress", Hot::source_ip},
      {"errorCode", Hot::error_code},
      {"userIdentity.type", Hot::identity_type},
      {"userIdentity.arn", Hot::identity_arn},
      {"userIdentity.accessKeyId", Hot::access_key_id},
      {"eventCategory", Hot::event_category},
  }};
  for (const auto& [path, hot] : kPaths) {
    if (path == raw_path) return hot;
  }
  return std::nullopt;
}

Column named_column(View view, std::string_view name) {
  Column column;
  column.view = view;
  column.name = name;
  return column;
}

Column hot_column(View view, std::string_view name, Hot hot, std::function<Cell(const Cell&, Arena&)> from_hot) {
  Column column = named_column(view, name);
  column.read = [hot, from_hot](const Record& record, Arena& arena) { return from_hot(record.hot(hot), arena); };
  column.depends_on = hot;
  column.from_hot = std::move(from_hot);
  return column;
}

std::optional<Column> raw_open_column(std::string_view name) {
  if (!JsonPath::is_valid(name)) return std::nullopt;
  if (const auto hot = hot_at(name)) {
    return hot_column(View::raw, name, *hot, [](const Cell& cell, Arena&) { return cell; });
  }
  Column column = named_column(View::raw, name);
  column.read = [path = JsonPath(name)](const Record& record, Arena& arena) { return path.read(record.root(), arena); };
  return column;
}

}  // namespace trailhound::event
