#pragma once
/// Elastic's rule files: a TOML document with a table `rule`.

#include <string>
#include <string_view>

#include "event/catalog.h"
#include "rule/document.h"
#include "rule/loader.h"

namespace trailhound::rule {

/// Adds the rule, or what is wrong with it, to `loaded`. `file_text` is the whole file, for snippets.
void load_elastic_rule(const Node& root, const std::string& path, std::string_view file_text,
                       const event::Catalog& catalog, LoadedRules& loaded);

}  // namespace trailhound::rule
