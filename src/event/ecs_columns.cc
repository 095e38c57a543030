/// The closed part of the ECS view: one row a field. Rows of the first kind are functions of one hot value, those of
/// the second read a path of the record, those of the third are computed (ecs_source.h), and those of the last build
/// the whole document and take a leaf: related.*, entities, and what else few rules read.

#include <array>
#include <unordered_set>
#include <utility>

#include "base/number_text.h"
#include "event/batch.h"
#include "event/column_table.h"
#include "event/ecs_absent_columns.h"
#include "event/ecs_cell.h"
#include "event/ecs_document.h"
#include "event/ecs_entities.h"
#include "event/ecs_event_category.h"
#include "event/ecs_source.h"
#include "event/java_text.h"
#include "event/user_agent.h"

namespace trailhound::event {
namespace {

using HotFunction = std::function<Cell(const Cell&, Arena&)>;
using ReadFunction = std::function<Cell(const Record&, Arena&)>;
using SharedGeo = std::shared_ptr<const Geo>;

constexpr std::string_view kTrail = "aws.cloudtrail.";

EcsSource source_of(const Record& record) { return EcsSource(record); }

/// A path of the record (of userIdentity) whose first step is a noted member, if it is one.
struct NotedPath {
  Member member;
  std::string rest;
};
std::optional<NotedPath> noted(std::string_view path, bool of_identity) {
  const std::string_view first = path.substr(0, path.find('.'));
  for (std::size_t i = 0; i < kMemberCount; ++i) {
    const auto member = static_cast<Member>(i);
    if (name_of(member) != first || (member == Member::session_context) != of_identity) continue;
    return NotedPath{member,
                     std::string(first.size() == path.size() ? std::string_view() : path.substr(first.size() + 1))};
  }
  return std::nullopt;
}

class EcsTable {
 public:
  explicit EcsTable(SharedGeo geo)
      : geo_(std::move(geo)), has_city_(geo_ && geo_->has_city()), has_asn_(geo_ && geo_->has_asn()) {}

  std::vector<Column> build() {
    add_constants();
    add_event();
    add_source();
    add_user_agent();
    add_identity();
    add_trail();
    add_payloads();
    add_rest();
    add_from_document();
    add_text_fields();
    add_absent();
    return std::move(columns_);
  }

 private:
  void add_constants();
  void add_event();
  void add_source();
  void add_geo_text(std::string name, std::string (*field)(const City&));
  void add_user_agent();
  void add_agent_text(std::string name, UserAgentPart part, std::string UserAgent::* field);
  void add_identity();
  void add_trail();
  void add_resources();
  void add_payloads();
  void add_rest();
  void add_from_document();
  void add_text_fields();
  void add_absent();

  Column& add(std::string name, LogicalType type, ReadFunction read) {
    Column column{.view = View::ecs,
                  .name = std::move(name),
                  .type = type,
                  .read = std::move(read),
                  .depends_on = std::nullopt,
                  .from_hot = {}};
    return columns_.emplace_back(std::move(column));
  }
  Column& add_hot(std::string name, LogicalType type, Hot hot, HotFunction from_hot) {
    Column& column = add(std::move(name), type, [hot, from_hot](const Record& record, Arena& arena) {
      return from_hot(record.hot(hot), arena);
    });
    column.depends_on = hot;
    column.from_hot = std::move(from_hot);
    return column;
  }
  /// A hot value as it is.
  void add_hot_keyword(std::string name, Hot hot) {
    add_hot(std::move(name), LogicalType::keyword, hot,
            [](const Cell& cell, Arena& arena) { return ecs_keyword(cell, arena); });
  }
  Column& add_noted(std::string name, NotedPath path, LogicalType type, std::size_t limit) {
    const Member member = path.member;
    Column& column =
        add(std::move(name), type, [path = std::move(path), type, limit](const Record& record, Arena& arena) {
          return ecs_cell(clean_at(record.member(path.member), path.rest), type, limit, arena);
        });
    column.below = member;
    return column;
  }
  void add_path(std::string name, std::string path, LogicalType type = LogicalType::keyword,
                std::size_t limit = kKeywordLimit) {
    if (auto below = noted(path, false)) {
      add_noted(std::move(name), *std::move(below), type, limit);
      return;
    }
    add(std::move(name), type, [path = std::move(path), type, limit](const Record& record, Arena& arena) {
      return ecs_cell(clean_at(record.root(), path), type, limit, arena);
    });
  }
  void add_identity_path(std::string name, std::string path, LogicalType type = LogicalType::keyword) {
    if (auto below = noted(path, true)) {
      add_noted(std::move(name), *std::move(below), type, kKeywordLimit).facet = Facet::caller;
      return;
    }
    add(std::move(name), type, [path = std::move(path), type](const Record& record, Arena& arena) {
      return ecs_cell(clean_at(record.identity(), path), type, kKeywordLimit, arena);
    }).facet = Facet::caller;
  }
  Column& add_computed(std::string name, json::Value (EcsSource::*value)() const) {
    return add(std::move(name), LogicalType::keyword, [value](const Record& record, Arena& arena) {
      return ecs_cell((source_of(record).*value)(), LogicalType::keyword, kKeywordLimit, arena);
    });
  }
  void add_document_leaf(std::string name, LogicalType type = LogicalType::keyword) {
    const std::string path = name;
    add(std::move(name), type, [path, type](const Record& record, Arena& arena) {
      const Node document = build_ecs_document(record.root(), nullptr, {});
      return ecs_cell(document.find(path), type, kKeywordLimit, arena);
    });
  }

  /// Entities need only their own part of the document.
  void add_entity_leaf(std::string name) {
    const std::string path = name;
    add(std::move(name), LogicalType::keyword, [path](const Record& record, Arena& arena) {
      Node document;
      if (!set_ecs_entities(document, EcsSource(record), path)) return Cell::absent();
      document.prune();
      return ecs_cell(document.find(path), LogicalType::keyword, kKeywordLimit, arena);
    });
  }

  SharedGeo geo_;
  bool has_city_;
  bool has_asn_;
  std::vector<Column> columns_;
};

void EcsTable::add_constants() {
  constexpr std::pair<const char*, const char*> kConstants[] = {
      {"ecs.version", "8.11.0"},
      {"data_stream.type", "logs"},
      {"data_stream.dataset", "aws.cloudtrail"},
      {"data_stream.namespace", "default"},
      {"event.dataset", "aws.cloudtrail"},
      {"event.module", "aws"},
      {"cloud.provider", "aws"},
  };
  for (const auto& [name, value] : kConstants) {
    add(name, LogicalType::keyword, [text = std::string_view(value)](const Record&, Arena&) {
      return Cell::one(text);
    }).constant = value;
  }
  add("@timestamp", LogicalType::date, [](const Record& record, Arena&) {
    return Cell::one(floor_to(record.time(), Duration::millis(1)).micros);  // Elasticsearch keeps milliseconds
  });
}

// Written for speed: most rules ask for the outcome. The record is searched for a message only if there is no code.
Cell outcome_cell(const Record& record, Arena& arena) {
  if (ecs_single_text(record.hot(Hot::event_name)) == "ConsoleLogin") {
    return Cell::one(arena.copy(source_of(record).outcome()));
  }
  const bool failed = ecs_keyword(record.hot(Hot::error_code), arena, kNoLimit).state() != Cell::State::absent ||
                      cleaned(record.member(Member::error_message));
  return Cell::one(std::string_view(failed ? "failure" : "success"));
}

void EcsTable::add_event() {
  add_hot_keyword("event.action", Hot::event_name);
  add_hot_keyword("event.provider", Hot::event_source);
  add_path("event.id", "eventID");
  add("event.outcome", LogicalType::keyword, outcome_cell).facet = Facet::error;
  add_hot("event.category", LogicalType::keyword, Hot::event_name,
          [](const Cell& hot, Arena&) { return ecs_keyword(ecs_event_category(ecs_single_text(hot)).category); });
  add_hot("event.type", LogicalType::keyword, Hot::event_name, [](const Cell& hot, Arena& arena) {
    std::vector<Scalar> types;
    for (const std::string_view type : ecs_event_category(ecs_single_text(hot)).types) types.emplace_back(type);
    std::ranges::sort(types);
    if (types.size() == 1) return Cell::one(types.front());
    return Cell::several(arena.copy(std::span<const Scalar>(types)));
  });
  add_hot("cloud.service.name", LogicalType::keyword, Hot::event_source,
          [](const Cell& hot, Arena&) { return ecs_keyword(service_of_event_source(ecs_single_text(hot))); });
  add_hot_keyword("cloud.region", Hot::region);
}

std::optional<IpAddress> address_of(const Cell& hot) { return parse_ip(ecs_single_text(hot)); }

void EcsTable::add_geo_text(std::string name, std::string (*field)(const City&)) {
  Column& column = add_hot(std::move(name), LogicalType::keyword, Hot::source_ip,
                           [geo = geo_, field](const Cell& hot, Arena& arena) {
                             const auto address = address_of(hot);
                             if (geo == nullptr || !address) return Cell::absent();
                             const auto city = geo->city(*address);
                             return city ? ecs_keyword(arena.copy(field(*city))) : Cell::absent();
                           });
  column.needs_geo = true;
  column.not_configured = !has_city_;
}

void EcsTable::add_source() {
  add_hot_keyword("source.address", Hot::source_ip);
  add_hot("source.ip", LogicalType::ip, Hot::source_ip, [](const Cell& hot, Arena&) {
    const auto address = address_of(hot);
    return address ? Cell::one(*address) : Cell::absent();
  });
  add_geo_text("source.geo.continent_name", [](const City& city) { return city.continent_name; });
  add_geo_text("source.geo.country_name", [](const City& city) { return city.country_name; });
  add_geo_text("source.geo.country_iso_code", [](const City& city) { return city.country_iso_code; });
  add_geo_text("source.geo.region_name", [](const City& city) { return city.region_name; });
  add_geo_text("source.geo.region_iso_code",
               [](const City& city) { return region_iso_code(city.country_iso_code, city.region_iso_code); });
  add_geo_text("source.geo.city_name", [](const City& city) { return city.city_name; });
  Column& location = add_hot(
      "source.geo.location", LogicalType::geo_point, Hot::source_ip, [geo = geo_](const Cell& hot, Arena& arena) {
        const auto address = address_of(hot);
        if (geo == nullptr || !address) return Cell::absent();
        const auto city = geo->city(*address);
        if (!city || !city->latitude || !city->longitude) return Cell::absent();
        const std::string point =
            "POINT (" + real_text_kept_real(*city->longitude) + " " + real_text_kept_real(*city->latitude) + ")";
        return Cell::one(arena.copy(std::string_view(point)));
      });
  location.needs_geo = true;
  location.not_configured = !has_city_;

  Column& number =
      add_hot("source.as.number", LogicalType::long_integer, Hot::source_ip, [geo = geo_](const Cell& hot, Arena&) {
        const auto address = address_of(hot);
        if (geo == nullptr || !address) return Cell::absent();
        const auto network = geo->asn(*address);
        return network && network->number ? Cell::one(*network->number) : Cell::absent();
      });
  number.needs_asn = true;
  number.not_configured = !has_asn_;
  Column& organization = add_hot("source.as.organization.name", LogicalType::keyword, Hot::source_ip,
                                 [geo = geo_](const Cell& hot, Arena& arena) {
                                   const auto address = address_of(hot);
                                   if (geo == nullptr || !address) return Cell::absent();
                                   const auto network = geo->asn(*address);
                                   return network ? ecs_keyword(arena.copy(network->organization)) : Cell::absent();
                                 });
  organization.needs_asn = true;
  organization.not_configured = !has_asn_;
}

void EcsTable::add_agent_text(std::string name, UserAgentPart part, std::string UserAgent::* field) {
  add_hot(std::move(name), LogicalType::keyword, Hot::user_agent, [field, part](const Cell& hot, Arena& arena) {
    const std::string_view text = ecs_single_text(hot);
    if (text.empty()) return Cell::absent();
    return ecs_keyword(arena.copy(parse_user_agent(text, part).*field));
  });
}

void EcsTable::add_user_agent() {
  add_hot_keyword("user_agent.original", Hot::user_agent);
  add_agent_text("user_agent.name", UserAgentPart::product, &UserAgent::name);
  add_agent_text("user_agent.version", UserAgentPart::product, &UserAgent::version);
  add_agent_text("user_agent.os.name", UserAgentPart::system, &UserAgent::os_name);
  add_agent_text("user_agent.os.version", UserAgentPart::system, &UserAgent::os_version);
  add_agent_text("user_agent.os.full", UserAgentPart::system, &UserAgent::os_full);
  add_agent_text("user_agent.device.name", UserAgentPart::device, &UserAgent::device);
}

/// One text that the pipeline does not clean away.
bool is_kept_text(const Cell& cell) {
  const auto* text = cell.is_single() ? std::get_if<std::string_view>(&cell.values()[0]) : nullptr;
  return text != nullptr && survives_cleanup(*text);
}

void EcsTable::add_identity() {
  constexpr std::pair<std::string_view, Hot> kHotIdentity[] = {
      {"type", Hot::identity_type}, {"arn", Hot::identity_arn}, {"access_key_id", Hot::access_key_id}};
  for (const EcsMove& move : ecs_identity_moves()) {
    const auto hot = std::ranges::find(kHotIdentity, move.to, &std::pair<std::string_view, Hot>::first);
    if (hot != std::end(kHotIdentity)) {
      add_hot_keyword(ecs_name(kEcsIdentity, move.to), hot->second);
    } else if (move.to.ends_with("web_id_federation_data.attributes")) {
      add(ecs_name(kEcsIdentity, move.to), LogicalType::any,
          [path = std::string(move.from)](const Record& record, Arena& arena) {
            return ecs_flattened(clean_at(record.identity(), path), {}, arena);
          });
    } else {
      add_identity_path(ecs_name(kEcsIdentity, move.to), std::string(move.from));
    }
  }
  add_identity_path(ecs_name(kEcsIdentity, "session_context.assumed_root"), "sessionContext.assumedRoot",
                    LogicalType::boolean);
  add(ecs_name(kEcsIdentity, "session_context.creation_date"), LogicalType::date, [](const Record& record, Arena&) {
    const auto date = source_of(record).creation_date();
    return date ? Cell::one(floor_to(*date, Duration::millis(1)).micros) : Cell::absent();
  }).facet = Facet::caller;
  add_computed("user.name", &EcsSource::user_name).facet = Facet::caller;
  add_computed("user.id", &EcsSource::user_id).facet = Facet::caller;
  add_computed("cloud.account.id", &EcsSource::account_id).caller_and = {Hot::recipient_account, is_kept_text};
  add("user.email", LogicalType::keyword, [](const Record& record, Arena&) {
    return ecs_keyword(source_of(record).user_email());
  }).facet = Facet::caller;
  add("service.name", LogicalType::keyword, [](const Record& record, Arena&) {
    return ecs_keyword(source_of(record).service_name());
  }).facet = Facet::caller;
}

void EcsTable::add_trail() {
  constexpr std::pair<std::string_view, Hot> kHotMembers[] = {{"event_category", Hot::event_category},
                                                              {"error_code", Hot::error_code},
                                                              {"recipient_account_id", Hot::recipient_account}};
  for (const EcsMove& move : ecs_moves()) {
    const auto hot = std::ranges::find(kHotMembers, move.to, &std::pair<std::string_view, Hot>::first);
    if (hot != std::end(kHotMembers)) {
      add_hot_keyword(ecs_name(kTrail, move.to), hot->second);
    } else {
      add_path(ecs_name(kTrail, move.to), std::string(move.from),
               move.to == "read_only" ? LogicalType::boolean : LogicalType::keyword);
    }
  }
  add(ecs_name(kTrail, "management_event"), LogicalType::keyword, [](const Record& record, Arena& arena) {
    const json::Value value = clean_at(record.root(), "managementEvent");
    if (!value) return Cell::absent();
    std::string text;
    append_java_text(text, value);
    return ecs_keyword(arena.copy(text));
  });
  add(ecs_name(kTrail, "shared_event_id"), LogicalType::keyword, [](const Record& record, Arena& arena) {
    json::Value value = clean_at(record.root(), "sharedEventID");
    if (!value) value = clean_at(record.root(), "sharedEventId");
    return ecs_cell(value, LogicalType::keyword, kKeywordLimit, arena);
  });
  add(ecs_name(kTrail, "tls_details.key_exchange"), LogicalType::keyword, [](const Record& record, Arena& arena) {
    return ecs_cell(source_of(record).tls().key_exchange, LogicalType::keyword, kKeywordLimit, arena);
  });

  const auto add_login = [&](std::string_view name, std::string path, bool flag) {
    add(ecs_name("aws.cloudtrail.console_login.additional_eventdata.", name),
        flag ? LogicalType::boolean : LogicalType::keyword,
        [path = std::move(path), flag](const Record& record, Arena& arena) {
          if (ecs_single_text(record.hot(Hot::event_name)) != "ConsoleLogin") return Cell::absent();
          const json::Value value = clean_at(record.root(), path);
          if (!value || !flag) return ecs_cell(value, LogicalType::keyword, kKeywordLimit, arena);
          return Cell::one(value.string() != std::string_view("No"));
        });
  };
  add_login("mobile_version", "additionalEventData.MobileVersion", true);
  add_login("login_to", "additionalEventData.LoginTo", false);
  add_login("mfa_used", "additionalEventData.MFAUsed", true);
  add_resources();
}

// Duplicates that the document drops do not matter here: they have the same three values.
void EcsTable::add_resources() {
  constexpr std::array<std::pair<const char*, const char*>, 3> kMembers = {
      {{"arn", "ARN"}, {"account_id", "accountId"}, {"type", nullptr}}};
  for (const auto& [name, upper] : kMembers) {
    add(ecs_name("aws.cloudtrail.resources.", name), LogicalType::keyword,
        [lower = std::string_view(name), upper](const Record& record, Arena& arena) {
          const json::Value resources = cleaned(record.member(Member::resources));
          if (resources.is(json::Kind::object))
            return ecs_cell(clean_at(resources, lower), LogicalType::keyword, kKeywordLimit, arena);
          std::vector<Scalar> values;
          bool object = false;
          for (const json::Value resource : resources.elements()) {
            if (!resource.is(json::Kind::object)) continue;
            json::Value value = upper != nullptr ? clean_at(resource, upper) : json::Value();
            if (!value) value = clean_at(resource, lower);
            const Cell cell = ecs_cell(value, LogicalType::keyword, kKeywordLimit, arena);
            values.insert(values.end(), cell.values().begin(), cell.values().end());
            object = object || cell.state() == Cell::State::object;
          }
          if (values.empty()) return object ? Cell::object() : Cell::absent();
          std::ranges::sort(values);
          const auto duplicates = std::ranges::unique(values);
          values.erase(duplicates.begin(), duplicates.end());
          if (values.size() == 1) return Cell::one(values.front());
          return Cell::several(arena.copy(std::span<const Scalar>(values)));
        })
        .below = Member::resources;
  }
}

void EcsTable::add_payloads() {
  for (const EcsPayload& which : kEcsPayloads) {
    const bool large = which.raw == "requestParameters" || which.raw == "responseElements";
    const std::size_t limit = large ? kPayloadLimit : kKeywordLimit;
    const auto read = [&which](std::size_t text_limit) {
      return [&which, text_limit](const Record& record, Arena& arena) {
        std::string text;
        if (!source_of(record).append_payload_text(text, which)) return Cell::absent();
        if (text.size() > text_limit && utf16_length(text) > text_limit) return Cell::absent();
        return Cell::one(arena.copy(text));
      };
    };
    add(ecs_name(kTrail, which.ecs), LogicalType::keyword, read(limit)).below = which.member;
    add(ecs_name(kTrail, which.ecs) + ".text", LogicalType::text, read(kNoLimit)).below = which.member;
    add(ecs_name(kEcsFlattened, which.ecs), LogicalType::any, ecs_open_column(ecs_name(kEcsFlattened, which.ecs))->read)
        .below = which.member;
  }
  for (const std::string_view name : {"digest", "insight_details"}) {
    add(ecs_name(kEcsFlattened, name), LogicalType::any, ecs_open_column(ecs_name(kEcsFlattened, name))->read);
  }
}

void EcsTable::add_rest() {
  add_path("group.id", "responseElements.group.groupId");
  add_path("group.name", "requestParameters.groupName");
  add_path("user.target.id", "responseElements.user.userId");
  add_path("user.target.name", "requestParameters.userName");
  add_path("user.changes.name", "requestParameters.newUserName");
  add_path("file.path", "digestS3Object");
  const auto add_tls = [&](std::string name, json::Value TlsFields::* field) {
    add(std::move(name), LogicalType::keyword, [field](const Record& record, Arena& arena) {
      return ecs_cell(source_of(record).tls().*field, LogicalType::keyword, kKeywordLimit, arena);
    });
  };
  add_tls("tls.cipher", &TlsFields::cipher);
  add_tls("tls.client.server_name", &TlsFields::server_name);
  add("tls.version_protocol", LogicalType::keyword,
      [](const Record& record, Arena& arena) { return ecs_keyword(arena.copy(source_of(record).tls().protocol)); });
  add("tls.version", LogicalType::keyword, [](const Record& record, Arena& arena) {
    const TlsFields tls = source_of(record).tls();
    return tls.unsplit ? ecs_cell(tls.unsplit, LogicalType::keyword, kKeywordLimit, arena) : ecs_keyword(tls.version);
  });
}

void EcsTable::add_from_document() {
  for (const char* name : {"related.entity", "actor.entity.id", "target.entity.id", "user.entity.id",
                           "service.entity.id", "host.entity.id", "entity.id", "user.target.entity.id",
                           "host.target.entity.id", "service.target.entity.id", "entity.target.id", "host.target.id"}) {
    add_entity_leaf(name);
  }
  for (const char* name : {"event.kind", "tags", "related.user", "related.ip", "related.hosts", "related.hash"}) {
    add_document_leaf(name, std::string_view(name) == "related.ip" ? LogicalType::ip : LogicalType::keyword);
  }
  add_document_leaf("error.message", LogicalType::text);
}

// Analysed twins of keywords, without their length limit.
void EcsTable::add_text_fields() {
  const auto add_twin = [&](std::string_view name, std::string path, bool identity) {
    add(ecs_name(name, ".text"), LogicalType::text,
        [path = std::move(path), identity](const Record& record, Arena& arena) {
          return ecs_cell(clean_at(identity ? record.identity() : record.root(), path), LogicalType::keyword, kNoLimit,
                          arena);
        });
  };
  add_twin("user_agent.original", "userAgent", false);
  add_twin("user.target.name", "requestParameters.userName", false);
  add_twin("user.changes.name", "requestParameters.newUserName", false);
  add_twin("file.path", "digestS3Object", false);
  const auto add_copy = [&](std::string_view name) {
    const auto found = std::ranges::find(columns_, name, &Column::name);
    Column twin = *found;
    twin.name += ".text";
    twin.type = LogicalType::text;
    columns_.push_back(std::move(twin));
  };
  for (const std::string_view name :
       {"user.name", "source.as.organization.name", "user_agent.os.name", "user_agent.os.full"}) {
    add_copy(name);
  }
}

void EcsTable::add_absent() {
  std::unordered_set<std::string> known;
  for (const Column& column : columns_) known.insert(column.name);
  for (AbsentField& field : ecs_absent_fields()) {
    if (!known.insert(field.name).second) continue;
    add(std::move(field.name), field.type, [](const Record&, Arena&) { return Cell::absent(); }).always_absent = true;
  }
}

}  // namespace

std::vector<Column> ecs_columns(const std::shared_ptr<const Geo>& geo) { return EcsTable(geo).build(); }

}  // namespace trailhound::event
