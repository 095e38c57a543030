/// The open part of the ECS view: leaves below aws.cloudtrail.flattened.* and of web identity attributes.

#include <utility>

#include "event/batch.h"
#include "event/column_table.h"
#include "event/ecs_cell.h"
#include "event/ecs_document.h"
#include "event/ecs_source.h"

namespace trailhound::event {
namespace {

// The digest lies one level below nodes of the document; insight details are the record's own JSON.
Column flattened_document_column(std::string_view name, std::string root, std::string path) {
  return {.view = View::ecs,
          .name = std::string(name),
          .type = LogicalType::any,
          .read =
              [root = std::move(root), path = std::move(path)](const Record& record, Arena& arena) {
                const Node document = build_ecs_document(record.root(), nullptr, {.entities = false});
                const Node* node = document.find(root);
                return node != nullptr ? ecs_flattened(*node, path, arena) : Cell::absent();
              },
          .depends_on = std::nullopt,
          .from_hot = {}};
}

Column payload_column(std::string_view name, const EcsPayload& which, std::string path) {
  const bool one_step = !path.empty() && !path.contains('.');
  return {.view = View::ecs,
          .name = std::string(name),
          .type = LogicalType::any,
          .read =
              [&which, path = std::move(path), one_step](const Record& record, Arena& arena) {
                const EcsSource source(record);
                // Mostly that is all there is to look at: rules ask many calls for what few have.
                const json::Value raw = source.member(which.member);
                if (one_step && raw.is(json::Kind::object) && !raw.find(path)) return Cell::absent();
                const json::Value value = source.payload(which);
                if (!value) return Cell::absent();
                if (which.raw == "additionalEventData" && source.user_name_is_moved()) {
                  if (!source.is_flattened(which)) return Cell::absent();
                  const Node document = build_ecs_document(record.root(), nullptr, {.entities = false});
                  const Node* node = document.find("aws.cloudtrail.flattened.additional_eventdata");
                  return node != nullptr ? ecs_flattened(*node, path, arena) : Cell::absent();
                }
                const Cell cell = ecs_flattened(value, path, arena);
                // Asked last: most records do not have the path, and the length of the whole is costly to find out.
                const bool there = cell.state() != Cell::State::absent;
                return there && source.is_flattened(which) ? cell : Cell::absent();
              },
          .depends_on = std::nullopt,
          .from_hot = {},
          .below = which.member};
}

// "a.b.c" below "a.b" is "c"; "a.b" itself is ""; anything else is nothing.
std::optional<std::string_view> path_below(std::string_view name, std::string_view root) {
  if (!name.starts_with(root)) return std::nullopt;
  name.remove_prefix(root.size());
  if (name.empty()) return name;
  if (name.front() != '.' || name.size() == 1) return std::nullopt;
  return name.substr(1);
}

}  // namespace

std::optional<Column> ecs_open_column(std::string_view name) {
  for (const EcsPayload& which : kEcsPayloads) {
    if (const auto path = path_below(name, ecs_name(kEcsFlattened, which.ecs))) {
      return payload_column(name, which, std::string(*path));
    }
  }
  for (const std::string_view part : {"digest", "insight_details"}) {
    const std::string root = ecs_name(kEcsFlattened, part);
    if (const auto path = path_below(name, root)) return flattened_document_column(name, root, std::string(*path));
  }
  constexpr std::string_view kAttributes = "session_context.web_id_federation_data.attributes";
  if (const auto path = path_below(name, ecs_name(kEcsIdentity, kAttributes))) {
    return Column{.view = View::ecs,
                  .name = std::string(name),
                  .type = LogicalType::any,
                  .read =
                      [path = std::string(*path)](const Record& record, Arena& arena) {
                        const json::Value attributes =
                            clean_at(record.identity(), "sessionContext.webIdFederationData.attributes");
                        return ecs_flattened(attributes, path, arena);
                      },
                  .depends_on = std::nullopt,
                  .from_hot = {}};
  }
  return std::nullopt;
}

}  // namespace trailhound::event
