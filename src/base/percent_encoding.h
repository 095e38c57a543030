#pragma once
/// Percent-encoding: RFC 3986, section 2.1.
///
///     percent_encoded("a b/c")    // "a%20b%2Fc"
///     percent_decoded("a%20b")    // "a b"; nothing for "a%2"

#include <optional>
#include <string>
#include <string_view>

namespace trailhound {

/// Letters, digits and `-._~` stay; a blank becomes `blank`.
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view blank = "%20");
/// Nothing if a percent sign begins no escape. The bytes may be no UTF-8.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace trailhound
