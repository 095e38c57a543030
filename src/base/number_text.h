#pragma once
/// The text of real numbers, the same wherever one is written: the shortest that reads back as the same double.

#include <string>

namespace trailhound {

/// "5", "0.5", "1e+22", "nan", "-inf". JSON writers must handle what is not finite before they come here.
[[nodiscard]] std::string real_text(double d);
/// The same, with ".0" behind what would read back as an integer: "5.0".
[[nodiscard]] std::string real_text_kept_real(double d);

}  // namespace trailhound
