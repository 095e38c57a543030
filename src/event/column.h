#pragma once
/// What a column is: a name in a view, a logical type, and how its cell is read from a record.
///
/// Views are vocabularies, not aliases: raw `errorCode`, ECS `aws.cloudtrail.error_code` and Datadog `@error.kind` may
/// differ in what counts as absent. All columns come from the one table in `event/catalog.h`.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "base/ip_address.h"
#include "base/value.h"

namespace trailhound::event {

class Record;

enum class View : std::uint8_t {
  raw,
  ecs,
  datadog,
  address,  ///< what MaxMind databases say of any address: asked for by function, in no record
};
[[nodiscard]] std::string_view name_of(View view);

/// Types as the rule languages know them, over the physical ones of `Scalar`.
enum class LogicalType : std::uint8_t {
  any,   ///< whatever the JSON holds (raw and Datadog views, flattened fields)
  null,  ///< never had a type
  boolean,
  integer,  ///< 32 bits, kept in int64
  long_integer,
  unsigned_long,  ///< kept in int64 bit for bit
  real,
  keyword,
  text,
  ip,
  date,  ///< int64 microseconds since the epoch
  date_nanos,
  version,
  geo_point,    ///< text "POINT (longitude latitude)"
  date_period,  ///< spans: only inside expressions
  time_duration,
  unsupported,
};
[[nodiscard]] std::string_view name_of(LogicalType type);  ///< ES|QL's names: "keyword", "long", "datetime" ...

/// Raw values that are read for every record and dictionary-encoded; everything else is read on demand. Their codes
/// route records to candidate rules, feed truth caches, and at the end tell what the data held (the ledger).
enum class Hot : std::uint8_t {
  event_source,
  event_name,
  region,
  recipient_account,
  user_agent,
  source_ip,
  error_code,
  identity_type,
  identity_arn,
  access_key_id,
  event_category,
};
inline constexpr std::size_t kHotCount = 11;

/// Members of a record (of userIdentity: session_context) that many columns lie below. Their places are noted while the
/// record is walked for its hot values, so that what lies below them is found without a search, and what cannot be
/// there without looking.
enum class Member : std::uint8_t {
  error_message,
  request_parameters,
  response_elements,
  additional_event_data,
  service_event_details,
  resources,
  session_context,
};
inline constexpr std::size_t kMemberCount = 7;
[[nodiscard]] std::string_view name_of(Member member);  ///< the key: "errorMessage"

/// Parts of a record that recur from record to record and that much is a function of: what was computed of one is kept
/// by its code. Code 0 says nothing: then it must be read from the record.
enum class Facet : std::uint8_t {
  caller,  ///< the whole userIdentity
  error,   ///< errorCode, where nothing else decides whether the call failed
};
inline constexpr std::size_t kFacetCount = 2;

/// A hot value that a cell is a function of, together with the caller; of records whose hot value decides nothing it is
/// a function of the whole record.
struct CallerAnd {
  Hot hot = Hot::recipient_account;
  bool (*decides)(const Cell& hot) = nullptr;
};

struct Column {
  View view = View::raw;
  std::string name;
  LogicalType type = LogicalType::any;
  /// Reads the cell; texts live in the batch or in `arena`.
  std::function<Cell(const Record&, Arena& arena)> read;
  /// Set when the cell is a function of one hot raw value alone: then it is computed once per distinct value.
  std::optional<Hot> depends_on;
  std::function<Cell(const Cell& hot, Arena& arena)> from_hot;  ///< set together with depends_on
  bool needs_geo = false;                                       ///< absent unless a GeoIP city database is configured
  bool needs_asn = false;                                       ///< absent unless an ASN database is configured
  bool not_configured = false;  ///< needs_geo or needs_asn, and there is none: absent in every record
  /// Set in View::address, whose columns are absent in every record; texts live in the database or in `arena`.
  std::function<Cell(const IpAddress&, Arena& arena)> of_address = {};
  // What is known of the cell without a record; the matcher need not ask.
  bool always_absent = false;                ///< a name that CloudTrail documents never carry
  std::optional<std::string> constant = {};  ///< the one text that all documents carry
  std::optional<Member> below = {};          ///< a record without this member has no such cell
  std::optional<Facet> facet = {};           ///< records of one code of this facet have equal cells
  std::optional<CallerAnd> caller_and = {};  ///< instead of `facet`

  /// Whether the cell is the same in all records.
  [[nodiscard]] bool is_settled() const { return constant || always_absent || not_configured || of_address; }
};
using ColumnRef = std::shared_ptr<const Column>;

}  // namespace trailhound::event
