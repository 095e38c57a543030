// Envelopes of CloudTrail records: what services and tools put around them.
//
// Every shape is one row of kShapes: a function that either recognises an element and says what is in it, or passes.
// Layers are peeled by calling peel() on what is inside, with the depth bounded by kMaxNesting. Records are given away
// as they are found: an envelope may hold many, and what is inflated out of it is many times its size.

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "source/base64.h"
#include "source/datadog_log.h"
#include "source/decoder.h"
#include "source/elastic_document.h"
#include "source/element_scanner.h"
#include "source/record_source.h"

namespace trailhound::source {
namespace {

using json::Kind;
using json::Value;
using UnwrapKind = Unwrapped::Kind;

/// An awslogs payload or a Kinesis record is at most a few MB; more is hostile. So is what inflates to many times its
/// size, payloads in it included: logs inflate to ten to forty times theirs.
constexpr std::size_t kMaxPayload = kMaxRecord;
constexpr std::size_t kMaxPayloadRatio = 200;
constexpr std::size_t kPayloadRatioFloor = 1u << 20;
/// Of texts that lie in one another, such as a message that holds a message; each takes a parser of its own.
constexpr std::size_t kMostLiveText = kMaxRecord + kMaxRecord / 2;

/// One `unwrap`.
struct Peeling {
  const RecordSink& take;
  std::size_t live_text = 0;                ///< of the texts that are being taken apart
  std::optional<std::size_t> inflatable{};  ///< inside a payload: what payloads in it may inflate to
};

/// How deep a value lies.
struct Layer {
  Peeling& peeling;
  int depth = 0;
  [[nodiscard]] Layer below() const { return {peeling, depth + 1}; }
};

/// Counts a text while it is taken apart.
class LiveText {
 public:
  LiveText(Peeling& peeling, std::size_t size) : peeling_(peeling), size_(size) { peeling_.live_text += size_; }
  ~LiveText() { peeling_.live_text -= size_; }
  LiveText(const LiveText&) = delete;
  LiveText& operator=(const LiveText&) = delete;
  [[nodiscard]] bool is_too_much() const { return peeling_.live_text > kMostLiveText; }

 private:
  Peeling& peeling_;
  std::size_t size_;
};

bool is_string(Value value) { return value.is(Kind::string); }

Unwrapped aside(std::string form, std::string reason) {
  return {UnwrapKind::set_aside, std::move(form), std::move(reason)};
}
Unwrapped not_read(std::string form, std::string reason) {
  return {UnwrapKind::not_read, std::move(form), std::move(reason)};
}
Unwrapped unknown(std::string reason) { return {UnwrapKind::unknown, {}, std::move(reason)}; }

Unwrapped taken(std::string&& record, std::string form, Layer layer) {
  layer.peeling.take(std::move(record));
  return {UnwrapKind::records, std::move(form), {}};
}

Unwrapped peel(Value element, Layer layer);

/// Joins what several parts of one envelope turned out to be: records win; a part that is unknown is named.
class Collector {
 public:
  explicit Collector(std::string form) { whole_.form = std::move(form); }

  void add(Unwrapped part) {
    if (part.kind == UnwrapKind::records) {
      whole_.kind = UnwrapKind::records;
      whole_.lost += part.lost;
      if (whole_.reason.empty()) whole_.reason = std::move(part.reason);
      return;
    }
    if (part.kind != UnwrapKind::set_aside) whole_.lost += std::max<std::uint64_t>(part.lost, 1);
    if (!worst_ || rank(part.kind) > rank(worst_->kind)) worst_ = std::move(part);
  }

  Unwrapped take() {
    if (whole_.kind == UnwrapKind::records) {
      if (worst_ && worst_->kind != UnwrapKind::set_aside) whole_.reason = "a part of it is lost: " + worst_->reason;
      return std::move(whole_);
    }
    if (worst_) {
      worst_->lost = whole_.lost;
      return *std::move(worst_);
    }
    return aside(whole_.form, "an empty " + whole_.form);
  }

 private:
  static int rank(UnwrapKind kind) {
    switch (kind) {
      case UnwrapKind::records:
      case UnwrapKind::set_aside:
        return 0;
      case UnwrapKind::unknown:
        return 1;
      case UnwrapKind::not_read:
        return 2;
    }
    return 0;
  }

  Unwrapped whole_;
  std::optional<Unwrapped> worst_;
};

/// What a string holds: one JSON text, or several after each other.
Unwrapped peel_text(std::string_view text, const std::string& form, Layer layer) {
  const std::size_t begin = skip_space(text, 0);
  if (begin == text.size() || (text[begin] != '{' && text[begin] != '[')) {
    const std::size_t brace = text.find('{');  // "TIMESTAMP {json}"
    if (brace == std::string_view::npos) return unknown("the text in the " + form + " is not JSON");
    return peel_text(text.substr(brace), form, layer);
  }
  const LiveText live(layer.peeling, text.size());
  if (live.is_too_much()) {
    return unknown("the texts in one another in the " + form + " are larger than " +
                   std::to_string(kMostLiveText >> 20) + " MB together");
  }
  Collector collector(form);
  json::Document document;
  std::size_t rescans_left = rescans_of(text.size());
  for (std::size_t at = begin; at < text.size();) {
    constexpr std::size_t kAtATime = 1024;
    const Elements found = split_elements(text, at, text.size(), {.most = kAtATime}, rescans_left);
    for (const RecordRange& range : found.ranges) {
      const auto value = range.complete ? document.parse(text.substr(range.begin, range.size))
                                        : Result<Value>(fail("it is cut off or broken"));
      collector.add(value ? peel(*value, layer.below()) : unknown("the JSON in the " + form + " is broken"));
    }
    at = found.rest;
  }
  return collector.take();
}

Unwrapped peel_each(Value array, const std::string& form, Layer layer) {
  Collector collector(form);
  for (const Value element : array.elements()) collector.add(peel(element, layer.below()));
  return collector.take();
}

/// Base64, perhaps of gzip, of JSON.
Unwrapped peel_base64(std::string_view text, const std::string& form, Layer layer) {
  const std::optional<std::string> bytes = decode_base64(text);
  if (!bytes) return unknown("the data of the " + form + " is not base64");
  std::optional<std::size_t>& inflatable = layer.peeling.inflatable;
  const bool outermost = !inflatable;
  if (outermost) inflatable = kMaxPayloadRatio * bytes->size() + kPayloadRatioFloor;
  std::string content;
  Unwrapped found = unknown("the data of the " + form + " does not inflate, or to far too much");
  if (inflate_memory(*bytes, std::min(kMaxPayload, *inflatable), content)) {
    *inflatable -= content.size();
    found = peel_text(content, form, layer);
  }
  if (outermost) inflatable.reset();
  return found;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Value find_ignoring_case(Value object, std::string_view key) {
  for (const json::Member& member : object.members()) {
    if (same_ignoring_case(member.key, key)) return member.value;
  }
  return {};
}

using Peeled = std::optional<Unwrapped>;

Peeled event_bridge(Value e, Layer layer) {
  const auto type = e.find("detail-type").string();
  const Value detail = e.find("detail");
  if (!type || !detail.is(Kind::object)) return {};
  if (is_record(detail) || type->ends_with("via CloudTrail")) {
    Unwrapped inner = peel(detail, layer.below());
    inner.form = "EventBridge events";
    return inner;
  }
  return aside("EventBridge events",
               "an EventBridge event of type \"" + std::string(*type) + "\", not from CloudTrail");
}

Peeled cloudwatch_logs(Value e, Layer layer) {
  const auto type = e.find("messageType").string();
  if (!type) return {};
  if (*type == "CONTROL_MESSAGE") return aside("CloudWatch Logs messages", "a CloudWatch Logs control message");
  if (!e.find("logEvents").is(Kind::array)) return {};
  return peel_each(e.find("logEvents"), "CloudWatch Logs messages", layer);
}

Peeled lambda_logs(Value e, Layer layer) {
  const auto data = e.find("awslogs").find("data").string();
  if (!data) return {};
  return peel_base64(*data, "awslogs event", layer);
}

/// Kinesis and Firehose: {"data"}, {"Data"} or {"kinesis":{"data"}}.
Peeled kinesis(Value e, Layer layer) {
  for (const Value data : {e.find("kinesis").find("data"), e.find("Data"), e.find("data")}) {
    if (is_string(data)) return peel_base64(*data.string(), "Kinesis records", layer);
  }
  return {};
}

Peeled lookup_event(Value e, Layer layer) {
  const Value event = e.find("CloudTrailEvent");
  if (!is_string(event)) return {};
  return peel_text(*event.string(), "lookup-events output", layer);
}

/// Arrays that the cutter enters by itself when they are the whole file, but not inside other things.
Peeled nested_array(Value e, Layer layer) {
  for (const std::string_view key :
       {"Records", "records", "logEvents", "Events", "events", "Messages", "QueryResultRows"}) {
    if (const Value array = e.find(key); array.is(Kind::array))
      return peel_each(array, std::string(key) + " array", layer);
  }
  return {};
}

/// An array among other values, such as a line of JSON lines that holds several records.
Peeled plain_array(Value e, Layer layer) {
  if (!e.is(Kind::array)) return {};
  return peel_each(e, "JSON array", layer);
}

/// A row of CloudTrail Lake as GetQueryResults gives it: [{"column":"value"}, ...].
Peeled lake_row(Value e, Layer layer) {
  if (!e.is(Kind::array) || e.size() == 0) return {};
  bool cloudtrail = false;
  for (const Value cell : e.elements()) {
    if (!cell.is(Kind::object) || cell.size() != 1) return {};
    const json::Member column = cell.members().front();
    if (same_ignoring_case(column.key, "eventjson") && is_string(column.value)) {
      return peel_text(*column.value.string(), "CloudTrail Lake rows", layer);
    }
    cloudtrail = cloudtrail || same_ignoring_case(column.key, "eventname") || same_ignoring_case(column.key, "eventid");
  }
  if (!cloudtrail) return {};
  return not_read("CloudTrail Lake rows",
                  "rows of a CloudTrail Lake query without the original event: run SELECT eventJson FROM <event data "
                  "store> WHERE ...");
}

/// The same as an object, and tables saved as JSON with lower-case columns.
Peeled lake_object(Value e, Layer layer) {
  if (const Value event = find_ignoring_case(e, "eventjson"); is_string(event)) {
    return peel_text(*event.string(), "CloudTrail Lake rows", layer);
  }
  if (e.find("eventname") && e.find("eventsource") && e.find("eventtime")) {
    return not_read("cloudtrail table",
                    "rows of a table whose columns are CloudTrail's, in lower case: the original events are lost; read "
                    "the S3 objects of the table's LOCATION, or SELECT eventJson from a CloudTrail Lake store");
  }
  return {};
}

/// What the field with the original event turns out to hold; nothing if there is no such field.
Peeled elastic_original(Value e, Layer layer) {
  for (const Value original : {e.find("event").find("original"), e.find("event.original")}) {
    if (is_string(original)) return peel_text(*original.string(), "Elastic export", layer);
  }
  const Value fields = e.find("fields").find("event.original");
  if (!fields.is(Kind::array)) return {};
  Collector collector("Elastic export");
  for (const Value original : fields.elements()) {
    if (is_string(original)) collector.add(peel_text(*original.string(), "Elastic export", layer));
  }
  return collector.take();
}

/// {"index":{"_index":"x"}}: the line in front of a document in the body of a bulk request.
bool is_bulk_action(Value e) {
  constexpr std::array<std::string_view, 4> kActions = {"index", "create", "update", "delete"};
  if (!e.is(Kind::object) || e.size() != 1) return false;
  const json::Member action = e.members().front();
  if (std::ranges::find(kActions, action.key) == kActions.end() || !action.value.is(Kind::object)) return false;
  return std::ranges::all_of(action.value.members(), [](const json::Member& one) { return one.key.starts_with('_'); });
}

/// A document of another data set. Its message may be a record all the same, as CloudWatch's logs have it; one that is
/// broken is a loss.
Peeled elastic_other(Value e, Layer layer) {
  const std::string_view set = data_set_of(e);
  if (set.empty() || set == kCloudTrailDataSet) return {};
  if (const Value message = e.find("message"); is_string(message)) {
    Unwrapped inner = peel_text(*message.string(), "Elastic export", layer);
    if (inner.kind == UnwrapKind::records || message.string()->contains("\"eventVersion\"")) return inner;
  }
  return aside("Elastic documents", "a document of the data set " + std::string(set) + ", not of CloudTrail");
}

Peeled elastic(Value e, Layer layer) {
  if (is_bulk_action(e)) return aside("Elastic export", "an action line of a bulk request");
  if (const Value source = e.find("_source"); source.is(Kind::object)) {
    Unwrapped inner = peel(source, layer.below());
    inner.form = "Elastic export";
    return inner;
  }
  const Value fields = e.find("fields");  // of a search that asked for fields, these are the document
  for (const Value document : {e, fields}) {
    if (is_elastic_alert(document)) return aside("Elastic alerts", "an alert, not an event: rules made it of events");
  }
  Peeled original = elastic_original(e, layer);
  if (original && original->kind == UnwrapKind::records) return original;
  // The document may do without.
  for (const Value document : {e, fields}) {
    if (auto record = record_of_elastic_document(document)) {
      return taken(*std::move(record), "Elastic documents", layer);
    }
  }
  for (const Value document : {e, fields}) {
    if (Peeled other = elastic_other(document, layer)) return other;
  }
  if (original) return original;
  if (e.find("aws").find("cloudtrail") || e.find("aws.cloudtrail.event_type")) {
    return not_read(
        "Elastic export",
        "Elastic documents without event.original, @timestamp or event.action: export these too, or read the "
        "trail's own objects under AWSLogs/");
  }
  return {};
}

Peeled splunk(Value e, Layer layer) {
  for (const Value raw : {e.find("result").find("_raw"), e.find("_raw")}) {
    if (is_string(raw)) return peel_text(*raw.string(), "Splunk export", layer);
  }
  return {};
}

std::string json_text(Value value) {
  std::string text;
  value.append_json(text);
  return text;
}

/// Archived or searched Datadog logs: the record is `attributes`, or `message` holds the raw text.
Peeled datadog(Value e, Layer layer) {
  Value attributes = e.find("attributes");
  if (!attributes.is(Kind::object)) {
    // The attributes at the top, as logs are sent to Datadog.
    const bool at_top = e.find("evt").find("name") && e.find("userIdentity");
    auto record = at_top ? record_of_datadog_log(e, e) : std::nullopt;
    if (!record) return {};
    return taken(*std::move(record), "Datadog logs", layer);
  }
  if (const Value inner = attributes.find("attributes"); inner.is(Kind::object)) attributes = inner;  // search API
  for (const Value message : {e.find("message"), e.find("attributes").find("message")}) {
    if (!is_string(message) || !message.string()->starts_with('{')) continue;
    Unwrapped inner = peel_text(*message.string(), "Datadog archive", layer);
    if (inner.kind == UnwrapKind::records) return inner;
  }
  if (is_record(attributes)) return taken(json_text(attributes), "Datadog archive", layer);
  if (auto record = record_of_datadog_log(e, attributes)) {
    return taken(*std::move(record), "Datadog archive", layer);
  }
  if (attributes.find("eventSource") || attributes.find("evt").find("name")) {
    return not_read("Datadog archive",
                    "Datadog logs whose attributes no longer hold the CloudTrail record: read the trail's own objects "
                    "under AWSLogs/");
  }
  return {};
}

/// SQS and SNS around something else.
Peeled queue_message(Value e, Layer layer) {
  const auto type = e.find("Type").string();
  if (type && (*type == "SubscriptionConfirmation" || *type == "UnsubscribeConfirmation")) {
    return aside("SNS messages", "an SNS subscription message");
  }
  for (const Value body : {e.find("Sns").find("Message"), e.find("Message"), e.find("body"), e.find("Body")}) {
    if (is_string(body)) return peel_text(*body.string(), "queue messages", layer);
  }
  return {};
}

/// {"timestamp", "message"} of CloudWatch Logs; also any log line kept as JSON with a message.
Peeled log_message(Value e, Layer layer) {
  for (const Value message : {e.find("message"), e.find("@message")}) {
    if (is_string(message)) return peel_text(*message.string(), "CloudWatch Logs messages", layer);
  }
  return {};
}

Peeled notifications(Value e, Layer /*layer*/) {
  if (e.find("eventSource").string() == "aws:s3" || e.find("Event").string() == "s3:TestEvent") {
    return aside("S3 notification", "an S3 notification: it names objects, it holds no events");
  }
  if (e.find("s3ObjectKey") && e.find("s3Bucket")) {
    return aside("CloudTrail notification", "a CloudTrail delivery notification: it names objects, it holds no events");
  }
  return {};
}

Peeled neighbours(Value e, Layer /*layer*/) {
  if (e.find("digestStartTime")) return aside("digest", "a CloudTrail digest: it proves log files, it holds no events");
  if (e.find("configurationItems") || e.find("configurationItemStatus")) {
    return aside("Config history", "AWS Config history: it holds no CloudTrail events");
  }
  if (e.find("hashSignature")) {
    return aside("query signature", "the signature file of a CloudTrail Lake query: it holds no events");
  }
  if (e.find("service").find("serviceName").string() == "guardduty") {
    return aside("GuardDuty findings", "a GuardDuty finding, not a CloudTrail event");
  }
  if (e.find("webaclId")) return aside("WAF logs", "a WAF log, not a CloudTrail event");
  return {};
}

Peeled other_schemas(Value e, Layer /*layer*/) {
  if (e.find("class_uid") && e.find("metadata")) {
    return not_read("ocsf",
                    "OCSF events (Security Lake) are not read: read the trail's own objects under AWSLogs/, or SELECT "
                    "eventJson from a CloudTrail Lake store");
  }
  if (e.find("eventCategory").string() == "Aggregated") {
    return not_read("aggregated events", "five-minute aggregates of data events: they hold no single events");
  }
  if (e.find("eventData").is(Kind::object) && e.find("eventVersion")) {
    return not_read("activity events", "CloudTrail Lake events of sources outside AWS are not read");
  }
  return {};
}

/// In order: what is surest comes first, what could be anything comes last.
constexpr std::array<Peeled (*)(Value, Layer), 17> kShapes = {
    neighbours,    notifications, event_bridge, cloudwatch_logs, lambda_logs, lookup_event,
    lake_row,      plain_array,   elastic,      splunk,          datadog,     lake_object,
    other_schemas, queue_message, kinesis,      nested_array,    log_message};

Unwrapped peel(Value element, Layer layer) {
  if (layer.depth > kMaxNesting)
    return unknown("envelopes are nested more than " + std::to_string(kMaxNesting) + " deep");
  if (is_record(element)) return taken(json_text(element), "cloudtrail records", layer);
  for (const auto shape : kShapes) {
    if (Peeled peeled = shape(element, layer)) return *std::move(peeled);
  }
  return unknown("neither a CloudTrail record nor a known envelope of one");
}

}  // namespace

bool is_record(Value element) {
  if (!element.is(Kind::object) || !is_string(element.find("eventTime"))) return false;
  const Value version = element.find("eventVersion");
  const std::string_view service = element.find("eventSource").string().value_or("");
  // Shortened by hand or by a query: the service's name is proof enough.
  if (!version) return is_string(element.find("eventName")) && service.ends_with(".amazonaws.com");
  if (!is_string(version)) return false;
  if (element.find("insightDetails").is(Kind::object)) return true;
  if (!is_string(element.find("eventName"))) return false;
  return !service.starts_with("aws:");  // S3 and Kinesis notifications have the same keys
}

Unwrapped unwrap(Value element, const RecordSink& take) {
  Peeling peeling{take};
  return peel(element, {peeling});
}

}  // namespace trailhound::source
