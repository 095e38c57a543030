#pragma once
/// The values of ECS fields that are more than a renamed member of the record: derived here once, for documents
/// (ecs_document.cc) and for the columns that rules read (ecs_columns.cc).
///
/// All values are seen after the pipeline's first cleanup (java_text.h). Texts point into the record. A member of an
/// unexpected kind counts as no member. Thread-safe: no state.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/ip_address.h"
#include "base/json_value.h"
#include "event/batch.h"
#include "event/java_text.h"

namespace trailhound::event {

/// The cleaned value at a dotted path of object members ("userIdentity.arn"), or missing.
[[nodiscard]] json::Value clean_at(json::Value from, std::string_view path);
/// Its text; empty unless it is a string.
[[nodiscard]] std::string_view text_at(json::Value from, std::string_view path);

inline constexpr std::string_view kEcsIdentity = "aws.cloudtrail.user_identity.";
inline constexpr std::string_view kEcsFlattened = "aws.cloudtrail.flattened.";
/// A field below a prefix that ends with its dot.
[[nodiscard]] inline std::string ecs_name(std::string_view prefix, std::string_view field) {
  return std::string(prefix).append(field);
}

/// A member that is only renamed.
struct EcsMove {
  std::string_view from;
  std::string_view to;
};
/// From paths of the record to names below aws.cloudtrail.
[[nodiscard]] std::span<const EcsMove> ecs_moves();
/// From paths of userIdentity to names below aws.cloudtrail.user_identity.
[[nodiscard]] std::span<const EcsMove> ecs_identity_moves();

/// One of the four members that become a text and a flattened object.
struct EcsPayload {
  std::string_view raw;  ///< "requestParameters"
  std::string_view ecs;  ///< "request_parameters"
  Member member;
};
inline constexpr std::array<EcsPayload, 4> kEcsPayloads = {{
    {"requestParameters", "request_parameters", Member::request_parameters},
    {"responseElements", "response_elements", Member::response_elements},
    {"additionalEventData", "additional_eventdata", Member::additional_event_data},
    {"serviceEventDetails", "service_event_details", Member::service_event_details},
}};
/// The flattened object is kept only if the text is shorter than this (UTF-16 units).
inline constexpr std::size_t kFlattenedLimit = 32766;

struct TlsFields {
  std::string protocol;  ///< "tls"
  json::Value unsplit;   ///< the version if it does not split
  std::string_view version;
  json::Value cipher, server_name, key_exchange;
};

class EcsSource {
 public:
  explicit EcsSource(json::Value root) : EcsSource(root, root.find("userIdentity")) {}
  EcsSource(json::Value root, json::Value identity) : root_(root), identity_(identity) {}
  /// The same, with the places of members that are noted, and only what is asked for is looked at; the record must
  /// outlive this.
  explicit EcsSource(const Record& record) : record_(&record) {}

  [[nodiscard]] json::Value root() const { return record_ != nullptr ? record_->root() : root_; }
  [[nodiscard]] json::Value raw(std::string_view path) const { return clean_at(root(), path); }
  [[nodiscard]] json::Value identity() const { return record_ != nullptr ? record_->identity() : identity_; }
  [[nodiscard]] json::Value identity(std::string_view path) const { return clean_at(identity(), path); }
  [[nodiscard]] std::string_view identity_type() const { return text_at(identity(), "type"); }
  [[nodiscard]] std::string_view action() const { return text_at(root(), "eventName"); }

  /// Whether an AWS service acts on its own behalf, and which: the one that invoked, or the one of its service-linked
  /// role. Empty for people and ordinary roles.
  [[nodiscard]] bool is_service_actor() const;
  [[nodiscard]] std::string_view service_name() const;

  [[nodiscard]] json::Value user_id() const;
  [[nodiscard]] json::Value user_name() const;
  /// Whether user.name is additionalEventData.UserName, which then is missing in the payload.
  [[nodiscard]] bool user_name_is_moved() const;
  [[nodiscard]] std::string_view session_name() const;
  [[nodiscard]] std::string_view user_email() const;
  [[nodiscard]] json::Value account_id() const;

  [[nodiscard]] std::string outcome() const;
  [[nodiscard]] std::optional<Instant> creation_date() const;
  [[nodiscard]] TlsFields tls() const;

  [[nodiscard]] json::Value payload(const EcsPayload& which) const { return cleaned(member(which.member)); }
  /// A noted member of the record, as it is.
  [[nodiscard]] json::Value member(Member member) const {
    return record_ != nullptr ? record_->member(member) : root_.find(name_of(member));
  }
  /// Appends the text of the payload; false (nothing appended) if it is absent.
  bool append_payload_text(std::string& out, const EcsPayload& which) const;
  /// Whether the flattened object of a payload that is there is kept.
  [[nodiscard]] bool is_flattened(const EcsPayload& which) const;

 private:
  /// The cleaned value at a path of userIdentity.sessionContext.
  [[nodiscard]] json::Value session(std::string_view path) const;

  json::Value root_;
  json::Value identity_;
  const Record* record_ = nullptr;
};

// Rules on single texts, also for columns that depend on one hot value.

/// "s3" of "s3.amazonaws.com"; empty for any other text.
[[nodiscard]] std::string_view service_of_event_source(std::string_view event_source);
/// ISO 8601 in its extended or basic form, UTC if it names no zone.
[[nodiscard]] std::optional<Instant> parse_pipeline_date(std::string_view text);
/// "US-WA" of "US" and "WA".
[[nodiscard]] std::string region_iso_code(std::string_view country, std::string_view region);

}  // namespace trailhound::event
