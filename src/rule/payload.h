#pragma once
/// Typed reads of one table of a rule file. A value of the wrong type is a finding at its line and column, named by its
/// path ("options.evaluationWindow"); null counts as not there.
///
///     Payload options = rule.table("options");
///     auto window = options.integer("evaluationWindow");

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"
#include "rule/document.h"

namespace trailhound::rule {

/// What the findings about one rule have in common.
struct RuleText {
  std::string path;            ///< of the file
  std::string rule;            ///< id or name
  std::string_view file_text;  ///< for snippets
  Diagnostics* diagnostics = nullptr;
  /// Codes of the findings that reading itself makes, by family of rules.
  std::string_view wrong_type_code = "TH2202";
  std::string_view unknown_key_code = "TH2210";
};

class Payload {
 public:
  /// `table` may be of another kind: then nothing is found in it. Both must outlive the object.
  Payload(const Node& table, std::string path, const RuleText& rule);

  /// Null if not there, or JSON null.
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] const Node& node() const { return *table_; }
  [[nodiscard]] const RuleText& rule() const { return *rule_; }
  /// Path of a key, or of an item of a list: "queries[0].query".
  [[nodiscard]] std::string path_of(std::string_view key) const;

  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;  ///< also a number's or boolean's text
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] std::optional<double> real(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;  ///< a list of texts
  /// A list of texts, or one text, which is a list of one.
  [[nodiscard]] std::vector<std::string> text_or_texts(std::string_view key) const;
  [[nodiscard]] Payload table(std::string_view key) const;                ///< an empty one if not there
  [[nodiscard]] std::vector<Payload> tables(std::string_view key) const;  ///< a list of tables

  Diagnostic& error(std::string_view code, std::string_view key, std::string message, std::string hint = {}) const;
  Diagnostic& warning(std::string_view code, std::string_view key, std::string message, std::string hint = {}) const;
  void wrong_type(std::string_view key, std::string_view wanted) const;
  /// Unknown keys are ignored; one that looks like a slip of a known key is warned of.
  void warn_of_slips(std::initializer_list<std::string_view> known) const;

 private:
  Diagnostic& finish(Diagnostic& finding) const;
  [[nodiscard]] Place place(std::string_view key) const;

  const Node* table_;
  std::string path_;
  const RuleText* rule_;
};

}  // namespace trailhound::rule
