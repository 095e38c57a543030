#include "rule/loader.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/ascii.h"
#include "base/text_file.h"
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

/// Rules that were loaded by themselves, joined in order; an id counts for the first rule that has it.
class Joined {
 public:
  explicit Joined(LoadedRules& loaded) : loaded_(loaded) {
    for (const RuleRef& rule : loaded.rules) path_of_.emplace(rule->id, rule->file);
  }

  void add(LoadedRules&& part) {
    auto rule = part.rules.begin();
    for (Outcome& outcome : part.outcomes) {
      if (outcome.runs) add_rule(std::move(*rule++), outcome);
      loaded_.outcomes.push_back(std::move(outcome));
    }
    std::ranges::move(part.without_indicators, std::back_inserter(loaded_.without_indicators));
  }

 private:
  void add_rule(RuleRef&& rule, Outcome& outcome) {
    const auto [first, fresh] = path_of_.emplace(outcome.id, outcome.path);
    if (fresh) return loaded_.rules.push_back(std::move(rule));
    outcome.loads = outcome.runs = false;
    outcome.diagnostics.error("TH1008", {.file = outcome.path, .rule = outcome.id, .key = "id", .at = {}},
                              "another rule has the id \"" + outcome.id + "\" already, in " + first->second,
                              "give one of them another id");
  }

  LoadedRules& loaded_;
  std::unordered_map<std::string, std::string> path_of_;  // by id
};

enum class Wanted { must_be_rule, may_be_anything };

// Reads one text into what is empty before. What is no rule at all is an outcome if it must be one, else a warning in
// `notes`.
void load_text(std::string_view text, const std::string& path, Wanted wanted, const event::Catalog& catalog,
               LoadedRules& loaded, Diagnostics& notes) {
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
    } else if (!loaded.outcomes.empty() && !is_part_of_export(document)) {
      notes.warning("TH1010", {.file = path, .rule = {}, .key = {}, .at = document.at}, "skipped: this holds no rule");
    }
  }
  if (!loaded.outcomes.empty()) return;
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
  std::string content;
  if (!diagnostics.has_errors()) {
    if (auto read = read_text_file(path, kMaxFileBytes)) {
      content = *std::move(read);
    } else {
      diagnostics.error("TH1001", place, "the file " + read.error().what, "check that it is there and its permissions");
    }
  }
  if (diagnostics.has_errors()) {
    loaded.outcomes.push_back(refused_file(path, std::move(diagnostics)));
    return;
  }
  load_text(content, path, wanted, catalog, loaded, notes);
}

bool is_rule_file_name(const fs::path& path) {
  const std::string extension = lower_ascii(path.extension().string());
  // Test cases of a rule lie beside it: x.cases.yaml.
  if (path.stem().extension() == ".cases") return false;
  return extension == ".json" || extension == ".ndjson" || extension == ".yaml" || extension == ".yml" ||
         extension == ".toml";
}

// Rule files below a folder, sorted; links to folders are not followed. A link that leads nowhere is among them, so
// that it is reported; what else is no file is not.
std::vector<std::string> files_below(const std::string& root, Diagnostics& diagnostics) {
  std::vector<std::string> files;
  bool listed = true;
  std::vector<fs::path> folders = {root};
  while (!folders.empty()) {
    const fs::path folder = std::move(folders.back());
    folders.pop_back();
    std::error_code error;
    for (fs::directory_iterator item(folder, error), end; !error && item != end; item.increment(error)) {
      std::error_code ignored;
      const fs::file_type type = item->status(ignored).type();
      if (type == fs::file_type::directory && !item->is_symlink(ignored)) folders.push_back(item->path());
      const bool readable = type == fs::file_type::regular || type == fs::file_type::not_found;
      if (readable && is_rule_file_name(item->path())) files.push_back(item->path().string());
    }
    if (!error) continue;
    const Place place{.file = folder.string(), .rule = {}, .key = {}, .at = {}};
    diagnostics.error("TH1001", place, "the folder cannot be read: " + error.message());
    listed = false;
  }
  if (listed && files.empty()) {
    const Place place{.file = root, .rule = {}, .key = {}, .at = {}};
    diagnostics.warning("TH1009", place, "no rule files in this folder",
                        "rules end in .yaml, .yml, .json, .ndjson or .toml");
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct RuleFile {
  std::string path;
  Wanted wanted;
};
struct LoadedFile {
  LoadedRules loaded;
  Diagnostics notes;
};

/// Files know nothing of each other, so all processors load them.
std::vector<LoadedFile> load_files(const std::vector<RuleFile>& files, const event::Catalog& catalog) {
  constexpr std::size_t kWorthAThread = 8;
  std::vector<LoadedFile> loaded(files.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next.fetch_add(1); i < files.size(); i = next.fetch_add(1)) {
      load_file(files[i].path, files[i].wanted, catalog, loaded[i].loaded, loaded[i].notes);
    }
  };
  const std::size_t processors = std::max(1u, std::thread::hardware_concurrency());
  std::vector<std::jthread> threads;
  for (std::size_t i = 1; i < std::min(processors, files.size() / kWorthAThread + 1); ++i) threads.emplace_back(work);
  work();
  threads.clear();  // waits for them
  return loaded;
}

void load_into(std::string_view text, const std::string& path, const event::Catalog& catalog, Joined& joined) {
  Diagnostics notes;  // none: a text of memory must be a rule
  LoadedRules part;
  load_text(text, path, Wanted::must_be_rule, catalog, part, notes);
  joined.add(std::move(part));
}

}  // namespace

LoadedRules load_rules(const std::vector<std::string>& paths, const event::Catalog& catalog, Diagnostics& diagnostics) {
  std::vector<RuleFile> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back({path, Wanted::must_be_rule});
      continue;
    }
    for (const std::string& file : files_below(path, diagnostics)) files.push_back({file, Wanted::may_be_anything});
  }
  LoadedRules loaded;
  Joined joined(loaded);
  for (LoadedFile& file : load_files(files, catalog)) {
    joined.add(std::move(file.loaded));
    diagnostics.append(std::move(file.notes));
  }
  settle_strata(loaded);
  return loaded;
}

void load_rule_text(std::string_view text, const std::string& path, const event::Catalog& catalog,
                    LoadedRules& loaded) {
  restore_waiting(loaded);
  Joined joined(loaded);
  load_into(text, path, catalog, joined);
  settle_strata(loaded);
}

void load_shipped_rules(const event::Catalog& catalog, LoadedRules& loaded) {
  restore_waiting(loaded);
  Joined joined(loaded);
  for (const ShippedFile& file : shipped_files()) {
    if (!file.name.ends_with(".cases")) load_into(file.text, "shipped/" + std::string(file.name), catalog, joined);
  }
  settle_strata(loaded);
}

LoadedRules load_shipped_rules(const event::Catalog& catalog) {
  LoadedRules loaded;
  load_shipped_rules(catalog, loaded);
  return loaded;
}

}  // namespace trailhound::rule
