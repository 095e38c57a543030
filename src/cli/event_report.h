#pragma once
/// `rules explain RULE --event FILE`: for each record of the file, which conditions of the rule hold.

#include <string>

#include "base/result.h"
#include "rule/rule.h"
#include "sink/output_file.h"

namespace trailhound::cli {

/// Writes one part a record; at most kMostExplained of them. An Error if the file cannot be read or holds no record.
[[nodiscard]] Status report_events(const rule::Rule& rule, const std::string& path, sink::OutputFile& out);

}  // namespace trailhound::cli
