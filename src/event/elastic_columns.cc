#include "event/elastic_columns.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "event/batch.h"
#include "event/ecs_cell.h"

namespace trailhound::event {
namespace {

std::size_t limit_of(std::string_view name) {
  const bool is_payload = name == "aws.cloudtrail.request_parameters" || name == "aws.cloudtrail.response_elements";
  return is_payload ? kPayloadLimit : kKeywordLimit;
}

Cell read_document(json::Value document, const Column& column, Arena& arena) {
  if (column.name == "_source") {
    std::string text;
    document.append_json(text);
    return Cell::one(arena.copy(std::string_view(text)));
  }
  // Every leaf of a flattened field is a text.
  const bool is_flattened = column.name.starts_with("aws.cloudtrail.flattened.");
  const Cell cell = is_flattened ? ecs_field(document, column.name, LogicalType::keyword, kNoLimit, arena)
                                 : ecs_field(document, column.name, column.type, limit_of(column.name), arena);
  if (cell.state() == Cell::State::absent && column.constant) return Cell::one(std::string_view(*column.constant));
  return cell;
}

Cell read_record(const Record& record, const Column& column, Arena& arena) {
  if (column.depends_on) return column.from_hot(record.hot(*column.depends_on), arena);
  return column.read(record, arena);
}

}  // namespace

ColumnRef column_over_documents(const ColumnRef& column) {
  if (column->view != View::ecs || column->of_address || column->name == "@timestamp") return column;
  Column made{};
  made.view = column->view;
  made.name = column->name;
  made.type = column->type;
  made.read = [of_record = column](const Record& record, Arena& arena) {
    const json::Value document = record.elastic_document();
    return document ? read_document(document, *of_record, arena) : read_record(record, *of_record, arena);
  };
  return std::make_shared<const Column>(std::move(made));
}

}  // namespace trailhound::event
