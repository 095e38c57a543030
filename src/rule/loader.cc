#include "rule/loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "rule/datadog_rule.h"
#include "rule/document.h"
#include "rule/elastic_rule.h"
#include "rule/shipped_files.h"
#include "rule/strata.h"

namespace trailhound::rule {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 10'000'000;

Outcome refused_file(const std::string& path, Diagnostics diagnostics) {
  Outcome outcome;
  outcome.path = path;
  outcome.name = fs::path(path).filename().string();
  outcome.diagnostics = std::move(diagnostics);
  return outcome;
}

// Takes back the rules from `first_outcome` on whose id another rule has already.
void refuse_repeated_ids(LoadedRules& loaded, std::size_t first_rule, std::size_t first_outcome) {
  std::map<std::string, std::string> path_of;
  for (std::size_t i = 0; i < first_rule; ++i) path_of.emplace(loaded.rules[i]->id, loaded.rules[i]->file);
  std::size_t next_rule = first_rule;
  for (std::size_t i = first_outcome; i < loaded.outcomes.size(); ++i) {
    Outcome& outcome = loaded.outcomes[i];
    if (!outcome.runs) continue;
    const auto [first, fresh] = path_of.emplace(outcome.id, outcome.path);
    if (fresh) {
      ++next_rule;
      continue;
    }
    outcome.loads = outcome.runs = false;
    outcome.diagnostics.error("TH1008", {.file = outcome.path, .rule = outcome.id, .key = "id", .at = {}},
                              "another rule has the id \"" + outcome.id + "\" already, in " + first->second,
                              "give one of them another id");
    loaded.rules.erase(loaded.rules.begin() + static_cast<std::ptrdiff_t>(next_rule));
  }
}

enum class Wanted { must_be_rule, may_be_anything };

// Reads one text. What is no rule at all is an outcome if it must be one, else a warning in `notes`.
void load_text(std::string_view text, const std::string& path, Wanted wanted, const event::Catalog& catalog,
               LoadedRules& loaded, Diagnostics& notes) {
  const std::size_t first_rule = loaded.rules.size(), first_outcome = loaded.outcomes.size();
  Diagnostics syntax;
  const std::vector<Node> documents = read_documents(text, path, syntax);
  if (syntax.has_errors()) {
    loaded.outcomes.push_back(refused_file(path, std::move(syntax)));
    return;
  }
  ExceptionItems exceptions;
  for (const Node& document : documents) {
    if (is_exception_item(document)) add_exception_item(document, exceptions);
  }
  const ElasticText elastic{.path = path, .file_text = text, .named = wanted == Wanted::must_be_rule};
  for (const Node& document : documents) {
    if (holds_datadog_rule(document)) {
      load_datadog_rule(document, path, text, catalog, loaded);
    } else if (holds_elastic_rule(document)) {
      load_elastic_rules(document, elastic, exceptions, catalog, loaded);
    } else if (loaded.outcomes.size() > first_outcome && !is_part_of_export(document)) {
      notes.warning("TH1010", {.file = path, .rule = {}, .key = {}, .at = document.at}, "skipped: this holds no rule");
    }
  }
  if (loaded.outcomes.size() > first_outcome) {
    refuse_repeated_ids(loaded, first_rule, first_outcome);
    return;
  }
  const Place place{.file = path, .rule = {}, .key = {}, .at = {}};
  const char* const hint = "a rule has queries and cases (Datadog) or a table [rule] (Elastic)";
  if (wanted == Wanted::may_be_anything) {
    notes.warning("TH1010", place, "skipped: the file holds no rule", hint);
    return;
  }
  Diagnostics diagnostics;
  diagnostics.error("TH1007", place, "the file holds no rule", hint);
  loaded.outcomes.push_back(refused_file(path, std::move(diagnostics)));
}

void load_file(const std::string& path, Wanted wanted, const event::Catalog& catalog, LoadedRules& loaded,
               Diagnostics& notes) {
  const Place place{.file = path, .rule = {}, .key = {}, .at = {}};
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  Diagnostics diagnostics;
  if (!error && size > kMaxFileBytes) {
    diagnostics.error("TH1002", place, "the file is larger than 10 MB", "rule files are small; is this a log file?");
  }
  std::ostringstream content;
  if (!diagnostics.has_errors()) {
    std::ifstream file(path, std::ios::binary);
    // An empty file gives no character, which the stream counts as a failure.
    if (!file || (size > 0 && !(content << file.rdbuf()))) {
      diagnostics.error("TH1001", place, "the file cannot be read", "check that it is there and its permissions");
    }
  }
  if (diagnostics.has_errors()) {
    loaded.outcomes.push_back(refused_file(path, std::move(diagnostics)));
    return;
  }
  load_text(std::move(content).str(), path, wanted, catalog, loaded, notes);
}

bool is_rule_file_name(const fs::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  // Test cases of a rule lie beside it: x.cases.yaml.
  if (path.stem().extension() == ".cases") return false;
  return extension == ".json" || extension == ".ndjson" || extension == ".yaml" || extension == ".yml" ||
         extension == ".toml";
}

// Rule files below a folder, sorted; links to folders are not followed.
std::vector<std::string> files_below(const std::string& folder, Diagnostics& diagnostics) {
  std::vector<std::string> files;
  std::error_code error;
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator it(folder, options, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error) && is_rule_file_name(it->path())) files.push_back(it->path().string());
    error.clear();
  }
  const Place place{.file = folder, .rule = {}, .key = {}, .at = {}};
  if (error) diagnostics.error("TH1001", place, "the folder cannot be read: " + error.message());
  if (!error && files.empty()) {
    diagnostics.warning("TH1009", place, "no rule files in this folder", "rules end in .yaml, .yml, .json or .toml");
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

LoadedRules load_rules(const std::vector<std::string>& paths, const event::Catalog& catalog, Diagnostics& diagnostics) {
  LoadedRules loaded;
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      for (const std::string& file : files_below(path, diagnostics)) {
        load_file(file, Wanted::may_be_anything, catalog, loaded, diagnostics);
      }
    } else {
      load_file(path, Wanted::must_be_rule, catalog, loaded, diagnostics);
    }
  }
  settle_strata(loaded);
  return loaded;
}

void load_rule_text(std::string_view text, const std::string& path, const event::Catalog& catalog,
                    LoadedRules& loaded) {
  Diagnostics notes;
  restore_waiting(loaded);
  load_text(text, path, Wanted::must_be_rule, catalog, loaded, notes);
  settle_strata(loaded);
}

LoadedRules load_shipped_rules(const event::Catalog& catalog) {
  LoadedRules loaded;
  for (const ShippedFile& file : shipped_files()) {
    if (file.name.ends_with(".cases")) continue;
    load_rule_text(file.text, "shipped/" + std::string(file.name), catalog, loaded);
  }
  return loaded;
}

}  // namespace trailhound::rule
