#pragma once
/// Where in a record the values lie that are read for every record: one walk over its members, and one over
/// userIdentity's for callers that are not known yet (caller_dictionary.h).
/// The inner loop of a scan, hence inline. Inside src/event only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/json_tape.h"
#include "base/same_text.h"
#include "event/column.h"

namespace trailhound::event {

/// Indices on the tape; 0 means that the key is not there (no value lies at 0). Of a key that occurs twice the last one
/// counts.
struct RecordFields {
  std::array<std::uint32_t, kHotCount> hot{};
  std::array<std::uint32_t, kMemberCount> members{};
  std::uint32_t event_time = 0, event_id = 0, event_version = 0, insight_details = 0, identity = 0;
  /// A key such as "userIdentity.arn" at the top, which takes precedence over the path.
  bool dotted_identity = false;

  bool operator==(const RecordFields&) const = default;
  /// None of the keys is there.
  [[nodiscard]] bool are_empty() const { return event_time == 0 && *this == RecordFields{}; }

  [[nodiscard]] std::uint32_t& operator[](Hot column) { return hot[static_cast<std::size_t>(column)]; }
  [[nodiscard]] std::uint32_t operator[](Hot column) const { return hot[static_cast<std::size_t>(column)]; }
  [[nodiscard]] std::uint32_t& operator[](Member member) { return members[static_cast<std::size_t>(member)]; }

  /// What makes an object a CloudTrail record: all that source::is_record accepts (a test holds them together) and, so
  /// that no event is lost for it, records whose eventName is no text.
  [[nodiscard]] bool is_record(const json::Tape& tape) const {
    const auto is_text = [&](std::uint32_t field) { return field != 0 && tape.kind(field) == '"'; };
    if (!is_text(event_time)) return false;
    const std::uint32_t source = (*this)[Hot::event_source];
    const std::string_view service = is_text(source) ? tape.text(source) : std::string_view();
    if (!is_text(event_version)) {
      // Shortened by hand or by a query: the service's name is proof enough.
      return event_version == 0 && is_text((*this)[Hot::event_name]) && service.ends_with(".amazonaws.com");
    }
    if (insight_details != 0 && tape.kind(insight_details) == '{') return true;
    // Notifications of S3 and Kinesis have the same keys.
    return (*this)[Hot::event_name] != 0 && !service.starts_with("aws:");
  }
};

/// The field that a top-level key fills, or null. Keys of one length are told apart by one letter before they are
/// compared whole.
[[gnu::always_inline]] inline std::uint32_t* field_of_key(RecordFields& fields, std::string_view key) {
  // The size is known to be equal.
  const auto if_key = [&]<std::size_t size>(const char(&name)[size], std::uint32_t& field) {
    return has_same_bytes<size - 1>(key.data(), name) ? &field : nullptr;
  };
  switch (key.size()) {
    case 7:
      return if_key("eventID", fields.event_id);
    case 9:
      switch (key[5]) {
        case 'T':
          return if_key("eventTime", fields.event_time);
        case 'N':
          return if_key("eventName", fields[Hot::event_name]);
        case 'g':
          return key[0] == 'a' ? if_key("awsRegion", fields[Hot::region])
                               : if_key("userAgent", fields[Hot::user_agent]);
        case 'C':
          return if_key("errorCode", fields[Hot::error_code]);
        case 'r':
          return if_key("resources", fields[Member::resources]);
        default:
          return nullptr;
      }
    case 11:
      return if_key("eventSource", fields[Hot::event_source]);
    case 12:
      if (key[0] == 'u') return if_key("userIdentity", fields.identity);
      return key[1] == 'v' ? if_key("eventVersion", fields.event_version)
                           : if_key("errorMessage", fields[Member::error_message]);
    case 13:
      return if_key("eventCategory", fields[Hot::event_category]);
    case 14:
      return if_key("insightDetails", fields.insight_details);
    case 15:
      return if_key("sourceIPAddress", fields[Hot::source_ip]);
    case 16:
      return if_key("responseElements", fields[Member::response_elements]);
    case 17:
      return if_key("requestParameters", fields[Member::request_parameters]);
    case 18:
      return if_key("recipientAccountId", fields[Hot::recipient_account]);
    case 19:
      return key[0] == 'a' ? if_key("additionalEventData", fields[Member::additional_event_data])
                           : if_key("serviceEventDetails", fields[Member::service_event_details]);
    default:
      return nullptr;
  }
}

inline void scan_identity(const json::Tape& tape, std::size_t object, RecordFields& fields) {
  const std::size_t end = tape.after(object) - 1;
  for (std::size_t at = object + 1; at < end;) {
    const std::string_view key = tape.text(at);
    const std::size_t value = at + 1;
    if (key.size() == 4 && key == "type") {
      fields[Hot::identity_type] = static_cast<std::uint32_t>(value);
    } else if (key.size() == 3 && key == "arn") {
      fields[Hot::identity_arn] = static_cast<std::uint32_t>(value);
    } else if (key.size() == 11 && key == "accessKeyId") {
      fields[Hot::access_key_id] = static_cast<std::uint32_t>(value);
    } else if (key.size() == 14 && key == "sessionContext") {
      fields[Member::session_context] = static_cast<std::uint32_t>(value);
    }
    at = tape.after(value);
  }
}

/// Notes where the value of a top-level key lies; gives the field that the key fills, if any.
[[gnu::always_inline]] inline const std::uint32_t* note_field(RecordFields& fields, std::string_view key,
                                                              std::uint32_t value) {
  constexpr std::string_view kIdentityPrefix = "userIdentity.";
  std::uint32_t* const field = field_of_key(fields, key);
  if (field != nullptr) {
    *field = value;
  } else if (key.size() > kIdentityPrefix.size() && key[0] == 'u' && key.starts_with(kIdentityPrefix)) {
    fields.dotted_identity = true;
  }
  return field;
}

/// `object` must be the index of an object. What lies in userIdentity is left to scan_identity.
inline RecordFields scan_record(const json::Tape& tape, std::size_t object) {
  RecordFields fields;
  const std::size_t end = tape.after(object) - 1;
  for (std::size_t at = object + 1; at < end; at = tape.after(at + 1)) {
    note_field(fields, tape.text(at), static_cast<std::uint32_t>(at + 1));
  }
  return fields;
}

}  // namespace trailhound::event
