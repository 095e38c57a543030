#include "signal/template_arithmetic.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/ascii.h"
#include "base/value.h"

namespace trailhound::signal {

namespace {

constexpr int kMaxDepth = 64;

bool is_name_start(char c) { return is_letter(c) || c == '_' || c == '@'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c) || c == '.'; }

std::string number_to_text(double number) {
  constexpr double kExact = 9007199254740992.0;
  if (std::trunc(number) == number && std::abs(number) <= kExact) {
    return to_text(Value(static_cast<std::int64_t>(number)));
  }
  return to_text(Value(number));
}

/// "1.5KB": at most two decimals.
std::string humanize(double number, double step, const std::array<const char*, 7>& units) {
  std::size_t unit = 0;
  while (std::abs(number) >= step && unit + 1 < units.size()) {
    number /= step;
    ++unit;
  }
  return number_to_text(std::round(number * 100) / 100) + units[unit];
}

double round_to(double number, double digits) {
  const double scale = std::pow(10.0, std::clamp(std::trunc(digits), 0.0, 15.0));
  return std::round(number * scale) / scale;
}

class Arithmetic {
 public:
  Arithmetic(std::string_view text, const std::function<std::optional<double>(std::string_view)>& variable)
      : text_(text), variable_(variable) {}

  std::optional<std::string> result() {
    const double number = sum(0);
    skip_blanks();
    if (failed_ || at_ != text_.size() || !std::isfinite(number)) return std::nullopt;
    if (!shown_.empty()) return shown_;
    return number_to_text(number);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool accept(char wanted) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  double give_up() {
    failed_ = true;
    return 0;
  }
  /// A text (humanize_bytes) can only be the whole result.
  void use_as_number() {
    if (!shown_.empty()) failed_ = true;
  }

  double sum(int depth) {
    if (depth > kMaxDepth) return give_up();
    double number = product(depth);
    while (!failed_) {
      const bool plus = accept('+');
      if (!plus && !accept('-')) break;
      use_as_number();
      const double other = product(depth);
      use_as_number();
      number = plus ? number + other : number - other;
    }
    return number;
  }

  double product(int depth) {
    double number = power(depth);
    while (!failed_) {
      skip_blanks();
      const char op = at_ < text_.size() ? text_[at_] : '\0';
      if (op != '*' && op != '/' && op != '%') break;
      ++at_;
      use_as_number();
      const double other = power(depth);
      use_as_number();
      if (op != '*' && other == 0) return give_up();
      number = op == '*' ? number * other : op == '/' ? number / other : std::fmod(number, other);
    }
    return number;
  }

  double power(int depth) {
    if (depth > kMaxDepth) return give_up();
    const double base = unary(depth);
    if (failed_ || !accept('^')) return base;
    use_as_number();
    const double exponent = power(depth + 1);
    use_as_number();
    return std::pow(base, exponent);
  }

  double unary(int depth) {
    bool negative = false;
    while (accept('-')) negative = !negative;
    const double number = primary(depth);
    if (negative) use_as_number();
    return negative ? -number : number;
  }

  double primary(int depth) {
    skip_blanks();
    if (at_ >= text_.size()) return give_up();
    if (accept('(')) {
      const double number = sum(depth + 1);
      return accept(')') ? number : give_up();
    }
    if (is_digit(text_[at_]) || text_[at_] == '.') return literal();
    if (!is_name_start(text_[at_])) return give_up();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_part(text_[at_])) ++at_;
    const std::string_view name = text_.substr(start, at_ - start);
    if (accept('(')) return call(name, depth);
    const auto number = variable_(name);
    return number ? *number : give_up();
  }

  double literal() {
    double number = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), number, std::chars_format::fixed);
    if (error != std::errc()) return give_up();
    at_ = static_cast<std::size_t>(end - text_.data());
    return number;
  }

  double call(std::string_view name, int depth) {
    std::vector<double> arguments;
    do {
      arguments.push_back(sum(depth + 1));
      use_as_number();
      if (failed_) return 0;
    } while (accept(','));
    if (!accept(')')) return give_up();
    return apply(name, arguments);
  }

  double apply(std::string_view name, const std::vector<double>& arguments) {
    const double x = arguments[0];
    if (name == "min") return *std::ranges::min_element(arguments);
    if (name == "max") return *std::ranges::max_element(arguments);
    if (name == "round" && arguments.size() == 2) return round_to(x, arguments[1]);
    if (arguments.size() != 1) return give_up();
    if (name == "abs") return std::abs(x);
    if (name == "int" || name == "trunc" || name == "floor") return std::floor(x);
    if (name == "ceil") return std::ceil(x);
    if (name == "round") return std::round(x);
    if (name == "float") return x;
    if (name == "dec") return x - std::trunc(x);
    if (name == "sgn") return x > 0 ? 1 : x < 0 ? -1 : 0;
    if (name == "exp") return std::exp(x);
    if (name == "log") return std::log(x);
    if (name == "log10") return std::log10(x);
    if (name == "sqrt") return std::sqrt(x);
    if (name == "sin") return std::sin(x);
    if (name == "cos") return std::cos(x);
    if (name == "tan") return std::tan(x);
    if (!std::isfinite(x)) return give_up();
    if (name == "to_bool") {
      shown_ = x != 0 ? "true" : "false";
    } else if (name == "humanize_bytes") {
      shown_ = humanize(x, 1024, {"B", "KB", "MB", "GB", "TB", "PB", "EB"});
    } else if (name == "humanize_bits") {
      shown_ = humanize(x, 1000, {"b", "Kb", "Mb", "Gb", "Tb", "Pb", "Eb"});
    } else {
      return give_up();
    }
    return x;
  }

  std::string_view text_;
  const std::function<std::optional<double>(std::string_view)>& variable_;
  std::size_t at_ = 0;
  bool failed_ = false;
  std::string shown_;  ///< of a function that gives text
};

}  // namespace

std::optional<std::string> evaluate_arithmetic(
    std::string_view text, const std::function<std::optional<double>(std::string_view name)>& variable) {
  return Arithmetic(text, variable).result();
}

}  // namespace trailhound::signal
