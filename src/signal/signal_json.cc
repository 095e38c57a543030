#include "base/json_writer.h"
#include "signal/signal.h"

namespace trailhound::signal {

namespace {

void append_references(json::Writer& writer, std::string_view key, const std::vector<rule::AttackReference>& list) {
  writer.key(key).begin_array();
  for (const rule::AttackReference& reference : list) {
    writer.begin_object().key("id").string(reference.id).key("name").string(reference.name).end_object();
  }
  writer.end_array();
}

void append_rule(json::Writer& writer, const Signal& signal) {
  const rule::Rule& rule = *signal.rule;
  writer.key("rule").begin_object();
  writer.key("id").string(rule.id);
  writer.key("name").string(signal.rule_name);
  writer.key("type").string(rule.type);
  writer.key("language").string(rule.language);
  writer.key("version").integer(rule.version);
  writer.end_object();
}

void append_evidence(json::Writer& writer, const Signal& signal) {
  writer.key("event_ids").begin_array();
  for (const Signal::Evidence& item : signal.evidence) writer.string(item.event_id);
  writer.end_array();
  writer.key("evidence").begin_array();
  for (const Signal::Evidence& item : signal.evidence) {
    writer.begin_object();
    writer.key("event_id").string(item.event_id);
    writer.key("file").string(item.file);
    writer.key("offset").unsigned_integer(item.offset);
    writer.end_object();
  }
  writer.end_array();
}

void append_message(json::Writer& writer, std::string_view message) { writer.key("message").string(message); }

void append_about(json::Writer& writer, const rule::Rule& rule) {
  append_references(writer, "tactics", rule.tactics);
  append_references(writer, "techniques", rule.techniques);
  writer.key("tags").strings(rule.tags);
  writer.key("references").strings(rule.references);
  writer.key("status").string("open");
}

/// The parts that `append_json` has between those that signals of a rule share.
void append_until_message(json::Writer& writer, const Signal& signal) {
  writer.begin_object();
  writer.key("id").string(signal.id);
  append_rule(writer, signal);
  writer.key("severity").string(plan::name_of(signal.severity));
  writer.key("risk_score").integer(signal.risk_score);
  writer.key("title").string(signal.title);
}

void append_until_about(json::Writer& writer, const Signal& signal) {
  writer.key("first_seen").time(signal.first_seen);
  writer.key("last_seen").time(signal.last_seen);
  writer.key("group").begin_object();
  for (const auto& [name, value] : signal.group) writer.key(name).value(value);
  writer.end_object();
  writer.key("values").begin_object();
  for (const auto& [name, values] : signal.values) writer.key(name).values(values);
  writer.end_object();
  writer.key("event_count").unsigned_integer(signal.event_count);
  append_evidence(writer, signal);
  writer.key("principal").string(signal.principal);
  writer.key("account").string(signal.account);
  writer.key("regions").strings(signal.regions);
  writer.key("source_ips").strings(signal.source_ips);
  writer.key("user_agents").strings(signal.user_agents);
  writer.key("outcome").begin_object();
  writer.key("ok").unsigned_integer(signal.ok);
  writer.key("denied").unsigned_integer(signal.denied);
  writer.key("failed").unsigned_integer(signal.failed);
  writer.end_object();
}

void append_rest(json::Writer& writer, const Signal& signal) {
  writer.key("highlights").begin_object();
  for (const auto& [name, texts] : signal.highlights) writer.key(name).strings(texts);
  writer.end_object();
  writer.key("building_block").boolean(signal.rule->building_block);
  writer.key("signals").strings(signal.signals);
  writer.end_object();
}

/// What a writer appends behind the first member of an object: with the comma before it.
template <class Append>
std::string as_later_member(Append&& append) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().key("").null();
  const std::size_t begin = out.size();
  append(writer);
  return out.substr(begin);
}

}  // namespace

// The order and the names of the keys are a contract: other people's scripts rely on them.
void append_json(std::string& out, const Signal& signal) {
  json::Writer writer(out);
  append_until_message(writer, signal);
  append_message(writer, signal.message());
  append_until_about(writer, signal);
  append_about(writer, *signal.rule);
  append_rest(writer, signal);
}

SharedJson shared_json(const rule::Rule& rule) {
  return {as_later_member([&](json::Writer& writer) { append_message(writer, rule.message); }),
          as_later_member([&](json::Writer& writer) { append_about(writer, rule); })};
}

SharedPlaces append_json_without_shared(std::string& out, const Signal& signal) {
  SharedPlaces places;
  const std::size_t begin = out.size();
  json::Writer writer(out);
  append_until_message(writer, signal);
  if (signal.own_message) {
    append_message(writer, *signal.own_message);
  } else {
    places.message = out.size() - begin;
  }
  append_until_about(writer, signal);
  places.about = out.size() - begin;
  append_rest(writer, signal);
  return places;
}

}  // namespace trailhound::signal
