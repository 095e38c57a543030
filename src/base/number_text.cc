#include "base/number_text.h"

#include <array>
#include <charconv>

namespace trailhound {

std::string real_text(double d) {
  std::array<char, 32> text{};  // the longest shortest form has 24 characters
  const auto end = std::to_chars(text.data(), text.data() + text.size(), d).ptr;
  return {text.data(), end};
}

std::string real_text_kept_real(double d) {
  std::string text = real_text(d);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

}  // namespace trailhound
