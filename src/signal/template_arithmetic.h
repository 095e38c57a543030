#pragma once
/// The arithmetic of {{eval "..."}}.
///
///     sum     = product { ("+" | "-") product }
///     product = power { ("*" | "/" | "%") power }
///     power   = unary [ "^" power ]
///     unary   = { "-" } ( number | variable | function "(" sum { "," sum } ")" | "(" sum ")" )
///
/// Functions: abs, int, trunc and floor (all round down), ceil, round(x, digits), float, dec (the part after the
/// point), sgn, to_bool, exp, log, log10, sqrt, sin, cos, tan, min, max, humanize_bytes, humanize_bits. A variable must
/// have exactly one value that is a number.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace trailhound::signal {

/// The result as text: whole numbers without a point. Nothing if the text is no expression, nests deeper than 64, or
/// has no finite value.
[[nodiscard]] std::optional<std::string> evaluate_arithmetic(
    std::string_view text, const std::function<std::optional<double>(std::string_view name)>& variable);

}  // namespace trailhound::signal
