#pragma once
/// What the stateful half gives out: everything a signal says, before names and texts are put to it (src/signal).

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "base/value.h"
#include "engine/hit.h"
#include "plan/severity.h"

namespace trailhound::engine {

struct EvidenceItem {
  Instant time;
  std::string event_key;
  std::string event_id;
  std::string path;
  std::uint64_t offset = 0;
};

/// Distinct texts in order of first appearance, capped; `dropped` counts the distinct ones beyond the cap as far as
/// they were noticed.
struct DistinctTexts {
  static constexpr std::size_t kCap = 100;
  std::vector<std::string> texts;
  bool capped = false;
  void add(const std::string& text);
};

/// Cells that the events behind a signal carry for rules over signals (rule::Rule::carried). All empty unless there are
/// such rules. What comes after the signal opened is left out, so that they tell what was known then.
struct CarriedCells {
  struct Event {
    Instant time;
    std::string event_key;
    std::vector<Values> cells;  ///< one a carried column
  };
  static constexpr std::size_t kEventCap = 100;
  std::vector<Event> events;  ///< in total order: the first one, or the first ones if `all_events`
  bool all_events = false;
  std::vector<Values> shared;  ///< per column the values that all events have
  void add(Instant time, const std::string& event_key, std::vector<Values>&& cells);
};

struct EpisodeRecord {
  std::uint32_t rule = 0;
  std::vector<Value> signal_key;
  std::vector<std::string> key_names;  ///< one a part

  // Opening position: identity. trigger_key is the event key of the hit that fired (empty for runs).
  Instant trigger_time;
  std::string trigger_key;
  std::vector<Value> expansion;  ///< further identity of a row (ES|QL keys)

  Instant first_seen;
  Instant last_seen;
  plan::Severity severity = plan::Severity::info;
  std::string case_name;
  std::vector<std::pair<std::string, Values>> values;  ///< query or column name, value at the strongest firing

  std::uint64_t event_count = 0;                ///< exact, distinct events
  std::vector<std::uint64_t> events_per_query;  ///< exact
  static constexpr std::size_t kEvidenceCap = 100;
  std::vector<EvidenceItem> evidence;       ///< the first ones in total order
  std::array<std::uint64_t, 3> outcomes{};  ///< by Profile::Outcome
  DistinctTexts principals, accounts, regions, source_ips, user_agents, event_names;
  std::vector<DistinctTexts> attributes;  ///< one a rule attribute
  CarriedCells carried;
  /// What stood there when the signal opened, if a later firing changed it.
  struct Opening {
    plan::Severity severity = plan::Severity::info;
    std::string case_name;
    std::vector<std::pair<std::string, Values>> values;
  };
  std::optional<Opening> opening;
};

}  // namespace trailhound::engine
