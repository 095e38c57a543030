#pragma once
/// Elastic's rule files: the repository's TOML form (a table `rule`, beside it `metadata`), and the JSON form in which
/// Kibana exports rules and its API takes them (the same keys at the top level; NDJSON, a list, or under `data`).

#include <string>
#include <string_view>
#include <vector>

#include "event/catalog.h"
#include "rule/document.h"
#include "rule/elastic_exceptions.h"
#include "rule/loader.h"

namespace trailhound::rule {

struct ElasticText {
  const std::string& path;
  std::string_view file_text;  ///< the whole file, for snippets
  bool named = false;          ///< the file was named itself: a deprecated rule runs then
};

/// Whether the document holds at least one such rule, right or wrong.
[[nodiscard]] bool holds_elastic_rule(const Node& root);
/// Whether it belongs to an export of rules without being one: exceptions, the closing count.
[[nodiscard]] bool is_part_of_export(const Node& root);

/// Adds each rule of the document, or what is wrong with it, to `loaded`.
void load_elastic_rules(const Node& root, const ElasticText& text, const ExceptionItems& exceptions,
                        const event::Catalog& catalog, LoadedRules& loaded);

}  // namespace trailhound::rule
