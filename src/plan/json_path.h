#pragma once
/// The paths of JSON_EXTRACT, and the value a path leads to.
///
///     $.user.name   user['name']   items[0].id   ["a.b"]
///
/// `$` may be left out and alone means the whole document. A dot always separates; brackets hold an index from 0 or a
/// quoted name, in which a backslash may stand before a quote or a backslash.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace trailhound::plan {

class JsonPath {
 public:
  /// Errors: wrong syntax.
  [[nodiscard]] static Result<JsonPath> parse(std::string_view text);

  /// The value in the JSON `text` that the path leads to: strings without their quotes, everything else as it is
  /// written. JSON null is nothing. Of equal names in an object the first counts. Errors: no such value, wrong JSON on
  /// the way there (what stands behind the value is not looked at).
  [[nodiscard]] Result<std::optional<std::string>> extract(std::string_view text) const;

 private:
  using Step = std::variant<std::string, std::uint32_t>;
  std::vector<Step> steps_;
  std::string text_;  ///< for messages
};

}  // namespace trailhound::plan
