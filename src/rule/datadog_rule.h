#pragma once
/// Datadog's detection rules as its API takes and gives them (JSON, or the same keys in YAML).
///
/// A document may be one rule, a list of rules, or an answer of the API with rules under `data` (and there under
/// `attributes`). Keys that an answer adds are ignored; numbers and booleans may be written as texts. Threshold and
/// anomaly rules over logs load; the other detection methods are refused by name.
///
/// A rule's own files may add a table that Datadog ignores:
///
///     trailhound:
///       title: "AWS Backup enumerated in {{regions}} regions"     template of the signal's title
///       references: [https://...]
///       falsePositives: ["..."]
///       riskScore: 47

#include <string>
#include <string_view>

#include "event/catalog.h"
#include "rule/document.h"
#include "rule/loader.h"

namespace trailhound::rule {

/// Whether the document holds at least one such rule, right or wrong.
[[nodiscard]] bool holds_datadog_rule(const Node& root);

/// Adds each rule of the document, or what is wrong with it, to `loaded`. `file_text` is the whole file, for snippets.
void load_datadog_rule(const Node& root, const std::string& path, std::string_view file_text,
                       const event::Catalog& catalog, LoadedRules& loaded);

}  // namespace trailhound::rule
