// The whole record as Datadog shows it: reserved attributes and tags, the record's own members without what is null,
// and the attributes that the pipeline adds. Names agree with the columns of datadog_columns.cc.

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include "base/ip_address.h"
#include "base/json_tape.h"
#include "base/json_writer.h"
#include "event/datadog_attributes.h"
#include "event/documents.h"

namespace trailhound::event {
namespace {

/// Members of the document that the pipeline writes; the same names in a record would be written over.
constexpr std::array kWritten =
    std::to_array<std::string_view>({"evt", "error", "network", "http", "usr", "resource", "level", "ocsf", "tags",
                                     "status", "host", "source", "service", "timestamp"});

/// Writes a record's values as they are, but for what Datadog does not show: nulls, and what holds nothing else.
class DocumentWriter {
 public:
  explicit DocumentWriter(std::string& out) : writer_(out) {}

  void write(const Record& record, const Geo* geo);

 private:
  static bool has_leaf(const json::Value& value) {
    if (!value) return false;
    const json::Tape tape = value.tape();
    return !tape.for_each_leaf(value.index(), [&](std::size_t at) { return tape.kind(at) == 'n'; });
  }

  /// Recursion: as deep as the JSON, which the parser bounds (json::Tape::kMaxDepth).
  void write_value(const json::Value& value);
  void write_member(const json::Member& member) {
    if (!has_leaf(member.value)) return;
    writer_.key(member.key);
    write_value(member.value);
  }

  void write_text(std::string_view key, std::string_view text) {
    if (!text.empty()) writer_.key(key).string(text);
  }
  /// An object of texts, if any of them is there.
  void write_texts(std::string_view key, std::initializer_list<std::pair<std::string_view, std::string>> texts) {
    if (std::all_of(texts.begin(), texts.end(), [](const auto& text) { return text.second.empty(); })) return;
    writer_.key(key).begin_object();
    for (const auto& [name, text] : texts) write_text(name, text);
    writer_.end_object();
  }
  /// A value of the record under another name.
  void write_moved(std::string_view key, const json::Value& value) {
    if (has_leaf(value)) write_member({key, value});
  }

  void write_reserved(const Record& record, bool failed);
  void write_tags(const json::Value& root);
  void write_event(const json::Value& root, bool failed);
  void write_identity(const json::Value& root);
  void write_user(const json::Value& root);
  void write_network(const json::Value& root, const Geo* geo);
  void write_geo(std::string_view address, const Geo* geo);
  void write_client(const json::Value& root);
  void write_resource(const json::Value& root);

  json::Writer writer_;
};

void DocumentWriter::write_value(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::object:
      writer_.begin_object();
      for (const json::Member& member : value.members()) write_member(member);
      writer_.end_object();
      return;
    case json::Kind::array:
      writer_.begin_array();
      for (const json::Value& element : value.elements()) {
        if (has_leaf(element)) write_value(element);
      }
      writer_.end_array();
      return;
    default: {
      std::string json;
      value.append_json(json);
      writer_.raw(json);
    }
  }
}

void DocumentWriter::write(const Record& record, const Geo* geo) {
  const json::Value root = record.root();
  const bool failed = datadog_failed(root);
  writer_.begin_object();
  write_reserved(record, failed);
  write_tags(root);
  for (const json::Member& member : root.members()) {
    const bool is_last = root.find(member.key).index() == member.value.index();
    const bool written = std::find(kWritten.begin(), kWritten.end(), member.key) != kWritten.end();
    if (member.key == "userIdentity" && is_last && member.value.is(json::Kind::object)) {
      write_identity(root);
    } else if (is_last && !written) {
      write_member(member);
    }
  }
  write_event(root, failed);
  write_user(root);
  write_network(root, geo);
  write_client(root);
  write_resource(root);
  writer_.end_object();
}

void DocumentWriter::write_reserved(const Record& record, bool failed) {
  writer_.key("timestamp").time(record.time());
  writer_.key("source").string(kDatadogSource).key("service").string(kDatadogSource);
  write_text("host", datadog_host(record.root()));
  writer_.key("status").string(failed ? "error" : "info");
}

void DocumentWriter::write_tags(const json::Value& root) {
  writer_.key("tags").begin_array();
  for (const std::string& tag : datadog_tags(root)) writer_.string(tag);
  writer_.end_array();
}

void DocumentWriter::write_event(const json::Value& root, bool failed) {
  writer_.key("evt").begin_object();
  write_moved("name", root.find("eventName"));
  writer_.key("outcome").string(failed ? "failure" : "success").end_object();
  if (failed) writer_.key("level").string("Error");
  if (has_leaf(root.find("errorCode")) || has_leaf(root.find("errorMessage"))) {
    writer_.key("error").begin_object();
    write_moved("kind", root.find("errorCode"));
    write_moved("message", root.find("errorMessage"));
    writer_.end_object();
  }
}

void DocumentWriter::write_identity(const json::Value& root) {
  writer_.key("userIdentity").begin_object();
  for (const json::Member& member : root.find("userIdentity").members()) write_member(member);
  write_text("session_name", datadog_session_name(root));
  write_text("assumed_role", datadog_assumed_role(root));
  writer_.end_object();
}

void DocumentWriter::write_user(const json::Value& root) {
  const json::Value identity = root.find("userIdentity");
  writer_.key("usr").begin_object();
  write_text("id", datadog_user_id(root));
  write_text("name", datadog_user_name(root));
  write_moved("account_id", identity.find("accountId"));
  write_moved("access_key_id", identity.find("accessKeyId"));
  writer_.end_object();

  writer_.key("ocsf").begin_object().key("actor").begin_object().key("user").begin_object();
  write_moved("uid", identity.find("arn"));
  write_moved("credential_uid", identity.find("accessKeyId"));
  writer_.end_object().end_object().key("cloud").begin_object();
  write_moved("region", root.find("awsRegion"));
  writer_.end_object().end_object();
}

void DocumentWriter::write_network(const json::Value& root, const Geo* geo) {
  const json::Value source = root.find("sourceIPAddress");
  const std::string_view address = source.text();
  writer_.key("network").begin_object().key("client").begin_object();
  write_moved("ip", source);
  if (const auto ip = parse_ip(address)) writer_.key("is_private_network_ip").boolean(ip->is_private());
  write_geo(address, geo);
  writer_.end_object();
  const std::vector<std::string_view> addresses = datadog_addresses(root);
  if (!addresses.empty()) {
    writer_.key("ip").begin_object().key("list").begin_array();
    for (const std::string_view text : addresses) writer_.string(text);
    writer_.end_array().end_object();
  }
  writer_.end_object();
}

void DocumentWriter::write_geo(std::string_view address, const Geo* geo) {
  const DatadogGeo found = datadog_geo(geo, address);
  if (!found.city && !found.network) return;
  writer_.key("geoip").begin_object();
  if (found.city) {
    const City& city = *found.city;
    write_texts("country", {{"name", city.country_name}, {"iso_code", city.country_iso_code}});
    write_texts("continent", {{"name", city.continent_name}, {"code", city.continent_code}});
    write_texts("subdivision", {{"name", city.region_name}, {"iso_code", city.region_iso_code}});
    write_texts("city", {{"name", city.city_name}});
    if (city.latitude && city.longitude) {
      writer_.key("location").begin_object().key("latitude").real(*city.latitude);
      writer_.key("longitude").real(*city.longitude).end_object();
    }
  }
  if (found.network) {
    write_texts("as", {{"name", found.network->organization}, {"number", found.network_number()}});
  }
  writer_.end_object();
}

void DocumentWriter::write_client(const json::Value& root) {
  const json::Value user_agent = root.find("userAgent");
  writer_.key("http").begin_object();
  write_moved("request_id", root.find("requestID"));
  write_moved("useragent", user_agent);
  if (const std::string_view text = user_agent.text(); !text.empty()) {
    const DatadogClient client = datadog_client(text);
    writer_.key("useragent_details").begin_object();
    writer_.key("os").begin_object().key("family").string(client.os).end_object();
    writer_.key("browser").begin_object().key("family").string(client.browser).end_object();
    writer_.key("device").begin_object().key("family").string(client.device).end_object();
    writer_.end_object();
  }
  writer_.end_object();
}

/// @resource.*: the values of all resources, member by member.
void DocumentWriter::write_resource(const json::Value& root) {
  const json::Value resources = root.find("resources");
  if (!has_leaf(resources)) return;
  writer_.key("resource").begin_object();
  for (const std::string_view member : {"ARN", "accountId", "type"}) {
    std::vector<json::Value> values;
    for (const json::Value& resource : resources.elements()) {
      if (const json::Value value = resource.find(member); has_leaf(value)) values.push_back(value);
    }
    if (values.empty()) continue;
    writer_.key(member);
    if (values.size() > 1) writer_.begin_array();
    for (const json::Value& value : values) write_value(value);
    if (values.size() > 1) writer_.end_array();
  }
  writer_.end_object();
}

}  // namespace

void append_datadog_document(std::string& out, const Record& record, const Geo* geo) {
  DocumentWriter(out).write(record, geo);
}

}  // namespace trailhound::event
