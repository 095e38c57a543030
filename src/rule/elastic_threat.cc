#include "rule/elastic_threat.h"

#include <algorithm>

#include "rule/rule_reading.h"

namespace trailhound::rule {
namespace {

void add_technique_of(const Payload& technique, Rule& out) {
  if (const auto id = technique.text("id")) {
    add_technique(out, {*id, technique.text("name").value_or("")});
  } else {
    technique.error("TH4101", "id", "a technique needs an id", "T1580, for example");
  }
}

}  // namespace

void read_threat(const Payload& rule, Rule& out) {
  for (const Payload& threat : rule.tables("threat")) {
    const Payload tactic = threat.table("tactic");
    if (const auto id = tactic.text("id")) {
      const auto same = [&id](const AttackReference& other) { return other.id == *id; };
      if (std::ranges::none_of(out.tactics, same)) out.tactics.push_back({*id, tactic.text("name").value_or("")});
    } else {
      threat.error("TH4101", "tactic", "a threat needs a tactic with an id", "TA0007, for example");
    }
    for (const Payload& technique : threat.tables("technique")) {
      add_technique_of(technique, out);
      for (const Payload& part : technique.tables("subtechnique")) add_technique_of(part, out);
    }
  }
}

}  // namespace trailhound::rule
