#pragma once
/// Indicators of a threat list, put into Elastic's indicator match rules.
///
///     TRY(const auto indicators, read_indicators("iocs.csv"));          // threat.indicator.ip, ... one a line
///     const std::size_t left_out = supply_indicators(**indicators, loaded);
///
/// The file is CSV or JSON lines as of run/lookup_table.h; columns are fields of Elastic's indicator documents
/// (`threat.indicator.ip`). What these always say and a list need not is supplied where it is missing: `event.kind`
/// enrichment, `event.category` threat, `event.type` indicator, `event.module` threatintel. An indicator match rule
/// becomes a rule like any other: its filter asks for the values of the indicators that its threat_query admits.

#include <memory>
#include <string>

#include "base/result.h"
#include "event/catalog.h"
#include "plan/pipeline.h"
#include "rule/loader.h"

namespace trailhound::run {

[[nodiscard]] Result<std::shared_ptr<const plan::LookupTable>> read_indicators(const std::string& path);

/// A mapping of several fields compares with each indicator: at most this many can be.
inline constexpr std::size_t kMaxCombinedIndicators = 10'000;

/// Lets the rules that wait for indicators run, if any indicator is one for them; the outcomes say so. Gives how many
/// indicators were left out of mappings of several fields.
std::size_t supply_indicators(const plan::LookupTable& indicators, rule::LoadedRules& loaded);

}  // namespace trailhound::run
