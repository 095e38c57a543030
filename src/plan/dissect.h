#pragma once
/// DISSECT patterns: keys and the fixed texts between them.
///
///     %{name}  value into a column       %{}  %{?name}  a value nobody wants      %{name->}  skips repeated delimiters
///     %{+name}  added to name's value    %{+name/2}  ... in that order

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace trailhound::plan {

class DissectPattern {
 public:
  /// Errors: no key, only skipped keys, reference keys (%{*a}, %{&a}), a key that cannot be read.
  [[nodiscard]] static Result<DissectPattern> parse(std::string_view text, std::string append_separator);

  /// Columns in the order of the pattern, each once.
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  /// The value of each column, or nothing if the text does not match. Goes forward only: the first place where a
  /// delimiter stands ends a value.
  [[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view text) const;

 private:
  struct Key {
    std::optional<std::size_t> column;  ///< none: skipped
    bool append = false;
    std::optional<int> order;   ///< among the appended parts
    bool skip_padding = false;  ///< further delimiters right behind the first are passed over
    std::string delimiter;      ///< up to the next key
  };

  [[nodiscard]] Status add_key(std::string_view text, std::string_view delimiter);
  [[nodiscard]] std::optional<std::vector<std::string_view>> split(std::string_view text) const;

  std::string lead_;
  std::string append_separator_;
  std::vector<Key> keys_;
  std::vector<std::string> names_;
};

}  // namespace trailhound::plan
