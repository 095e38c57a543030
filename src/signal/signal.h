#pragma once
/// A signal: what the analyst reads. The JSON form is a contract (docs/signals.md).

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/value.h"
#include "engine/episode.h"
#include "rule/rule.h"

namespace trailhound::signal {

struct Signal {
  std::string id;  ///< hash of rule, signal key and opening position: stable over order, chunking and machines
  rule::RuleRef rule;
  plan::Severity severity = plan::Severity::info;
  int risk_score = 0;
  std::string title;
  std::optional<std::string> own_message;  ///< if it is not the rule's text as it stands, which is long
  Instant first_seen;
  Instant last_seen;
  std::vector<std::pair<std::string, Value>> group;
  std::vector<std::pair<std::string, Values>> values;
  std::uint64_t event_count = 0;
  struct Evidence {
    std::string event_id;
    std::string file;
    std::uint64_t offset = 0;
  };
  std::vector<Evidence> evidence;  ///< event_ids are its ids
  std::string principal;
  std::string account;
  std::vector<std::string> regions;
  std::vector<std::string> source_ips;
  std::vector<std::string> user_agents;
  std::string rule_name;  ///< the rule's, or what its override says for these events
  /// What the rule's author wants to be seen first, in that order; only what has a value.
  std::vector<std::pair<std::string, std::vector<std::string>>> highlights;
  std::vector<std::string> signals;  ///< ids of the signals behind this one, of a rule over signals; the first ones
  std::uint64_t ok = 0;
  std::uint64_t denied = 0;
  std::uint64_t failed = 0;

  [[nodiscard]] const std::string& message() const { return own_message ? *own_message : rule->message; }
};

/// Names, texts and identity for an episode: renders the rule's title and message.
[[nodiscard]] Signal make_signal(const rule::RuleRef& rule, const engine::EpisodeRecord& episode);

/// One line of JSON without newline, keys exactly in the order of the contract.
void append_json(std::string& out, const Signal& signal);

/// What the JSON of all signals of a rule has in common: most of it, as the message usually is the rule's text.
struct SharedJson {
  std::string message;  ///< the member, with the comma before it
  std::string about;    ///< the members "tactics" to "status", likewise
};
[[nodiscard]] SharedJson shared_json(const rule::Rule& rule);

/// Where in a signal's JSON without them the shared parts belong.
struct SharedPlaces {
  std::size_t message = kOwn;
  std::size_t about = 0;
  static constexpr std::size_t kOwn = std::string::npos;  ///< the signal has a message of its own, which is there
};
/// The same line without the parts that are shared.
SharedPlaces append_json_without_shared(std::string& out, const Signal& signal);

}  // namespace trailhound::signal
