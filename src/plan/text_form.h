#pragma once
/// The text form of plans, below its meaning: nested forms as in Lisp.
///
///     form    = body [ "::" type ]
///     body    = atom | string | prefixed | "(" form* ")" | "[" form* "]"
///     atom    = one or more characters that are not white space, brackets or quotes; it ends before "::"
///     string  = JSON string; a byte that is not UTF-8 is written \xHH
///     prefixed = atom string          without space between: ecs:"odd name", ip"10.0.0.1"
///
/// `to_text` and `parse_form` are inverse. What forms mean is said in `print_expression.cc` and `print_plan.cc`.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound::plan {

struct Form {
  enum class Kind { atom, string, list, vector };

  Kind kind = Kind::atom;
  std::string text;                 ///< of an atom or a string
  std::optional<std::string> tail;  ///< the string right behind an atom
  std::vector<Form> items;          ///< of a list (round) or a vector (square)
  std::string type;                 ///< behind "::", or empty
  std::size_t offset = 0;           ///< in the text it was read from

  [[nodiscard]] bool is_atom(std::string_view wanted) const { return kind == Kind::atom && !tail && text == wanted; }
  /// The atom that heads a list, or "".
  [[nodiscard]] std::string_view head() const;
};

[[nodiscard]] Form atom(std::string_view text);
[[nodiscard]] Form number_form(std::uint64_t number);
[[nodiscard]] Form string_form(std::string_view text);
[[nodiscard]] Form prefixed(std::string_view prefix, std::string_view text);
[[nodiscard]] Form vector_form(std::vector<Form> items);
[[nodiscard]] Form list(std::string_view head, std::vector<Form> items = {});

/// Deeper nesting is refused.
inline constexpr int kMaxFormDepth = 200;

/// One form that is the whole text; errors are at "line:column".
[[nodiscard]] Result<Form> parse_form(std::string_view text);
/// On one line.
[[nodiscard]] std::string to_text(const Form& form);
/// Broken into lines where it is wider than `width`.
[[nodiscard]] std::string to_wrapped_text(const Form& form, std::size_t width);

}  // namespace trailhound::plan
