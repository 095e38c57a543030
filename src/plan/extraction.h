#pragma once
/// What ES|QL's GROK and DISSECT take out of a text: a pattern, and the columns it fills.
///
///     TRY(auto extraction, grok_extraction({"%{IP:client} %{NUMBER:status:int}"}));
///     extraction.outputs    // client keyword, status integer
///
/// The columns stand in the order in which the command appends them: GROK's by name, DISSECT's as in the pattern.
/// `(grok ["P1" "P2"])` and `(dissect "P" "SEPARATOR")` are the forms in plans; the columns follow from the pattern.
/// engine/extraction.h applies one to texts.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/column.h"
#include "plan/text_form.h"

namespace trailhound::plan {

struct Extraction {
  enum class Language : std::uint8_t { grok, dissect };
  struct Output {
    std::string name;
    event::LogicalType type = event::LogicalType::keyword;
    bool operator==(const Output&) const = default;
  };

  Language language = Language::grok;
  std::vector<std::string> patterns;  ///< GROK: the first that matches counts; DISSECT: one
  std::string append_separator;       ///< DISSECT only: between the parts of `%{+name}`
  std::vector<Output> outputs;

  bool operator==(const Extraction&) const = default;
};

/// Errors: an unknown pattern name, a wrong regular expression, one name with two types, too much of anything.
[[nodiscard]] Result<Extraction> grok_extraction(std::vector<std::string> patterns);
/// Errors: no key, only skipped keys, reference keys, an open bracket.
[[nodiscard]] Result<Extraction> dissect_extraction(std::string pattern, std::string append_separator);

[[nodiscard]] Form to_form(const Extraction& extraction);
/// The inverse; errors have no place.
[[nodiscard]] Result<Extraction> read_extraction(const Form& form);

}  // namespace trailhound::plan
