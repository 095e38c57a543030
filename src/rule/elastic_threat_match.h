#pragma once
/// The keys `threat_*` of an Elastic rule. Inside src/rule only.

#include <optional>

#include "rule/elastic_clauses.h"
#include "rule/elastic_fields.h"
#include "rule/payload.h"
#include "rule/threat_match.h"

namespace trailhound::rule {

/// Nothing after an error. `fields` are those of the events.
[[nodiscard]] std::optional<ThreatMatch> read_threat_match(const Payload& rule, const event::Catalog& catalog,
                                                           const ElasticFields& fields);

}  // namespace trailhound::rule
