#pragma once
/// Numbers and their texts. That of a real number is the same wherever one is written: the shortest that reads back as
/// the same double.

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace trailhound {

/// "5", "0.5", "1e+22", "nan", "-inf". JSON writers must handle what is not finite before they come here.
[[nodiscard]] std::string real_text(double d);
/// The same, with ".0" behind what would read back as an integer: "5.0".
[[nodiscard]] std::string real_text_kept_real(double d);

/// The number that the whole text is (std::from_chars); nothing if it is none, or beyond the type.
///
///     number_in<std::int64_t>("42")      // 42
///     number_in<std::uint8_t>("2a", 16)  // 42
template <class Number, class... Base>
[[nodiscard]] std::optional<Number> number_in(std::string_view text, Base... base) {
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, number, base...);
  return error == std::errc() && read == end ? std::optional(number) : std::nullopt;
}

/// The same, with a plus sign in front if need be, as most languages write numbers.
template <class Number, class... Base>
[[nodiscard]] std::optional<Number> signed_number_in(std::string_view text, Base... base) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  return number_in<Number>(text, base...);
}

}  // namespace trailhound
