#pragma once
/// Test cases as text, which a contributor extends without C++: the common form of the language suites.
///
///     # What a line with a number sign says is for readers.
///     --- a null operand makes a comparison null
///     fact: three-valued logic
///     query: ROW x = null | EVAL y = x == 1
///     expect:
///       x:null, y:boolean
///       [null, null]
///
/// A case begins with `---` and its name. A directive is a word and a colon at the start of a line; its value is the
/// rest of the line and all lines behind it that are indented by two spaces (or empty), without that indentation.

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trailhound::language_test {

struct TextCase {
  std::string file;
  int line = 0;  ///< of the `---`
  std::string name;
  std::vector<std::pair<std::string, std::string>> directives;  ///< in order

  /// The value of the first directive of that name, "" if there is none.
  [[nodiscard]] std::string_view value(std::string_view directive) const;
  [[nodiscard]] bool has(std::string_view directive) const;
  [[nodiscard]] std::vector<std::string_view> lines(std::string_view directive) const;  ///< without empty ones
};

/// All cases of `folder`/*.cases, a folder of tests/language. Throws on a malformed file, which is a bug.
[[nodiscard]] std::vector<TextCase> read_cases(const std::string& folder);
/// The same from a text.
[[nodiscard]] std::vector<TextCase> parse_cases(std::string_view text, const std::string& file);

/// What GoogleTest prints of a case.
void PrintTo(const TextCase& one, std::ostream* out);

/// For parameterised tests: the name in a form that GoogleTest takes.
[[nodiscard]] std::string test_name(const TextCase& one);

}  // namespace trailhound::language_test
