#include "plan/regex_dialect.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"

namespace trailhound::plan {

namespace {

constexpr int kMaxExpansionDepth = 20;
constexpr std::size_t kMaxTranslated = 48 * 1024;
constexpr std::size_t kMaxNames = 200;

/// Classes of characters that Java names within US-ASCII, and their POSIX names.
struct PosixClass {
  std::string_view java;
  std::string_view posix;
};
constexpr auto kPosixClasses = std::to_array<PosixClass>({
    {"Lower", "lower"},
    {"Upper", "upper"},
    {"ASCII", "ascii"},
    {"Alpha", "alpha"},
    {"Digit", "digit"},
    {"Alnum", "alnum"},
    {"Punct", "punct"},
    {"Graph", "graph"},
    {"Print", "print"},
    {"Blank", "blank"},
    {"Cntrl", "cntrl"},
    {"XDigit", "xdigit"},
    {"Space", "space"},
});

/// Goes over one text (and the definitions it refers to) once and writes what it means. After an error nothing more is
/// written.
class Translator {
 public:
  Translator(RegexDialect dialect, const PatternLibrary& library) : dialect_(dialect), library_(library) {}

  Result<TranslatedRegex> run(std::string_view text) {
    translate(text, 0);
    if (!error_ && numbered_reference_ && !out_.names.empty() && ruby()) {
      report("a numbered back reference cannot stand beside named groups");
    }
    if (error_) return std::unexpected(*error_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool ruby() const { return dialect_ == RegexDialect::ruby; }
  [[nodiscard]] bool done() const { return error_.has_value(); }
  void report(std::string what) {
    if (!error_) error_ = Error{std::move(what), {}, {}};
  }
  void write(std::string_view text) {
    out_.text += text;
    if (out_.text.size() > kMaxTranslated) report("the regular expression grows too long");
  }
  void write(char c) { write(std::string_view(&c, 1)); }

  // `text` is a definition or the whole; recursion is bounded by kMaxExpansionDepth.
  void translate(std::string_view text, int depth) {
    if (depth > kMaxExpansionDepth) return report("patterns refer to each other too deeply");
    for (std::size_t at = 0; at < text.size() && !done();) {
      const std::string_view rest = text.substr(at);
      if (rest[0] == '\\') {
        at += escape(rest, false);
      } else if (rest[0] == '[') {
        at += character_class(rest);
      } else if (rest[0] == '(') {
        at += group(rest);
      } else if (library_ && rest.starts_with("%{")) {
        at += reference(rest, depth);
      } else if (rest[0] == '{') {
        at += brace(rest, at == 0);
      } else {
        write(rest[0]);
        ++at;
      }
    }
  }

  // ---- escapes

  /// The number of bytes read, as for the functions below.
  std::size_t escape(std::string_view rest, bool in_class) {
    if (rest.size() < 2) return report("a backslash stands at the end"), 1;
    const char c = rest[1];
    if (c == 'u') return unicode_escape(rest);
    if (c == 'p' || c == 'P') return property(rest, in_class);
    if (c == 'Q' && !ruby()) return quoted_stretch(rest);
    if ((c == 'k' || c == 'g') && !in_class) return named_reference(rest);
    if (is_digit(c) && c != '0' && !in_class) numbered_reference_ = true;
    if (ruby()) {
      if (c == 'h') return write(in_class ? "0-9A-Fa-f" : "[0-9A-Fa-f]"), 2;
      if (c == 'H' && in_class) return report("\\H inside a character class is not supported"), 2;
      if (c == 'H') return write("[^0-9A-Fa-f]"), 2;
      if (c == 'v') return write("\\x0b"), 2;
      // A letter without a meaning stands for itself.
      if (is_letter(c) && !std::string_view("abBcdDefGKnpPrRsStwWxXzAZ").contains(c)) return write(c), 2;
    } else if (c == 'E') {
      return report("\\E without \\Q"), 2;
    } else if (std::string_view("CgKLUlN").contains(c)) {
      return report(std::string("\\") + c + " has no meaning"), 2;
    }
    write(rest.substr(0, 2));
    return 2;
  }

  std::size_t unicode_escape(std::string_view rest) {
    const std::string_view digits = rest.substr(2, 4);
    const bool good = digits.size() == 4 && std::ranges::all_of(digits, [](char c) { return hex_value(c) >= 0; });
    if (!good) return report("\\u wants four hexadecimal digits"), 2;
    write("\\x{");
    write(digits);
    write("}");
    return 6;
  }

  /// \p{L}, \p{Lower}; Java's \p{IsL} and \p{IsLatin}, Ruby's \p{^L} and \p{alpha}. Without braces one letter.
  std::size_t property(std::string_view rest, bool in_class) {
    const std::size_t end = rest.find('}');
    if (rest.size() < 3 || rest[2] != '{' || end == std::string_view::npos) return write(rest.substr(0, 2)), 2;
    std::string_view name = rest.substr(3, end - 3);
    bool negated = rest[1] == 'P';
    if (ruby() && name.starts_with('^')) {
      negated = !negated;
      name.remove_prefix(1);
    }
    const auto* row = std::ranges::find_if(kPosixClasses, [&](const PosixClass& known) {
      return ruby() ? lower_ascii(known.java) == lower_ascii(name) : known.java == name;
    });
    if (row != kPosixClasses.end()) {
      const std::string posix = (negated ? "[:^" : "[:") + std::string(row->posix) + ":]";
      write(in_class ? posix : "[" + posix + "]");
      return end + 1;
    }
    if (!ruby()) {
      const bool is_script = name.starts_with("Is");
      if (!is_script && name.size() > 2) return report("no property is called [" + std::string(name) + "]"), end + 1;
      name.remove_prefix(is_script ? 2 : 0);
    }
    write(negated ? "\\P{" : "\\p{");
    write(name);
    write("}");
    return end + 1;
  }

  std::size_t quoted_stretch(std::string_view rest) {
    const std::size_t end = rest.find("\\E", 2);
    const std::string_view literal = rest.substr(2, end == std::string_view::npos ? end : end - 2);
    for (const char c : literal) {
      if (static_cast<unsigned char>(c) < 0x80 && !is_letter(c) && !is_digit(c)) write('\\');
      write(c);
    }
    return end == std::string_view::npos ? rest.size() : end + 2;
  }

  /// \k<name>, and Ruby's \g<name>.
  std::size_t named_reference(std::string_view rest) {
    const char close = rest.size() > 2 && rest[2] == '\'' ? '\'' : '>';
    const std::size_t end = rest.find(close, 3);
    const bool open = rest.size() > 2 && (rest[2] == '<' || (rest[2] == '\'' && ruby()));
    if (!open || end == std::string_view::npos || (rest[1] == 'g' && !ruby())) {
      return report(std::string("\\") + rest[1] + " wants a name in angle brackets"), 2;
    }
    const std::string_view name = rest.substr(3, end - 3);
    const auto found = std::find(out_.names.rbegin(), out_.names.rend(), name);
    if (found == out_.names.rend()) return report("no group is called [" + std::string(name) + "]"), end + 1;
    const auto index = out_.names.size() - 1 - static_cast<std::size_t>(found - out_.names.rbegin());
    write(rest.substr(0, 2));
    write("<n" + std::to_string(index) + ">");
    return end + 1;
  }

  // ---- character classes

  /// Reads to the class's end. Brackets inside are a union, which is written flat.
  std::size_t character_class(std::string_view rest) {
    write('[');
    std::size_t at = 1;
    int depth = 1;
    const auto begin_set = [&] {
      if (at < rest.size() && rest[at] == '^') {
        if (depth > 1) report("a negated class inside a class is not supported");
        write('^');
        ++at;
      }
      if (at < rest.size() && rest[at] == ']') {  // literal when it comes first
        write("\\]");
        ++at;
      }
    };
    begin_set();
    while (at < rest.size() && !done()) {
      const std::string_view here = rest.substr(at);
      if (here[0] == ']') {
        ++at;
        if (--depth > 0) continue;
        write(']');
        return at;
      }
      if (here[0] == '\\') {
        at += escape(here, true);
      } else if (ruby() && here.starts_with("[:") && here.find(":]") != std::string_view::npos) {
        const std::size_t size = here.find(":]") + 2;
        write(here.substr(0, size));
        at += size;
      } else if (here[0] == '[') {
        ++depth;
        ++at;
        begin_set();
      } else if (here.starts_with("&&")) {
        report("the intersection && of character classes is not supported");
      } else {
        write(here[0]);
        ++at;
      }
    }
    report("a character class has no end");
    return rest.size();
  }

  // ---- groups

  std::size_t group(std::string_view rest) {
    if (rest.starts_with("(*")) return report("nothing stands before *"), 1;
    if (!rest.starts_with("(?")) return write('('), 1;
    const std::string_view behind = rest.substr(2);
    if (behind.starts_with("#")) return comment(rest);
    if (behind.starts_with("<") && !behind.starts_with("<=") && !behind.starts_with("<!")) return named_group(rest);
    for (const std::string_view head : {":", "=", "!", ">", "<=", "<!"}) {
      if (!behind.starts_with(head)) continue;
      write("(?");
      write(head);
      return 2 + head.size();
    }
    return options(rest);
  }

  std::size_t comment(std::string_view rest) {
    const std::size_t end = rest.find(')');
    if (end == std::string_view::npos || !ruby()) return report("(?# is not understood"), rest.size();
    return end + 1;
  }

  std::size_t named_group(std::string_view rest) {
    const std::size_t end = rest.find('>');
    if (end == std::string_view::npos || end == 3) return report("a group has no name"), 3;
    const std::string_view name = rest.substr(3, end - 3);
    const auto is_name_character = [this](char c) {
      if (is_letter(c) || is_digit(c)) return true;
      return ruby() && (static_cast<unsigned char>(c) >= 0x80 || std::string_view("_.@:-").contains(c));
    };
    if (!std::ranges::all_of(name, is_name_character) || is_digit(name[0])) {
      return report("[" + std::string(name) + "] is no name for a group"), end + 1;
    }
    open_group(name);
    return end + 1;
  }

  void open_group(std::string_view name) {
    if (!ruby() && std::ranges::find(out_.names, name) != out_.names.end()) {
      report("two groups are called [" + std::string(name) + "]");
    }
    if (out_.names.size() >= kMaxNames) report("more than " + std::to_string(kMaxNames) + " named groups");
    write("(?<n" + std::to_string(out_.names.size()) + ">");
    out_.names.emplace_back(name);
  }

  /// `(?i)`, `(?i-x:`: Ruby's m is what others call s.
  std::size_t options(std::string_view rest) {
    const std::string_view known = ruby() ? "imx-" : "idmsux-";
    std::size_t at = 2;
    std::string translated;
    for (; at < rest.size() && known.contains(rest[at]); ++at) {
      if (rest[at] == 'u' || rest[at] == 'd') continue;  // Unicode case and Unix lines: the nearest there is
      translated += ruby() && rest[at] == 'm' ? 's' : rest[at];
    }
    if (at >= rest.size() || (rest[at] != ')' && rest[at] != ':')) {
      return report("a group of the kind " + std::string(rest.substr(0, 3)) + " is not supported"), rest.size();
    }
    write("(?");
    write(translated);
    write(rest[at]);
    return at + 1;
  }

  // ---- what GROK adds

  std::size_t reference(std::string_view rest, int depth) {
    const std::size_t end = rest.find('}');
    const std::string_view inside = end == std::string_view::npos ? std::string_view() : rest.substr(2, end - 2);
    const std::size_t colon = inside.find(':');
    const std::string_view name = inside.substr(0, colon);
    const bool captures = colon != std::string_view::npos;
    const bool good = !name.empty() &&
                      std::ranges::all_of(name, [](char c) { return is_letter(c) || is_digit(c) || c == '_'; }) &&
                      std::ranges::all_of(inside.substr(captures ? colon : inside.size()), [](char c) {
                        return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
                               std::string_view("@-_:.").contains(c);
                      });
    if (!good || (captures && colon + 1 == inside.size())) {
      return report("%{...} wants NAME, NAME:column or NAME:column:type"), rest.size();
    }
    const std::string_view* definition = library_(name);
    if (definition == nullptr) {
      report("Unable to find pattern [" + std::string(name) + "] in Grok's pattern dictionary");
      return end + 1;
    }
    if (captures) {
      open_group(inside.substr(colon + 1));
    } else {
      write("(?:");
    }
    translate(*definition, depth + 1);
    write(")");
    return end + 1;
  }

  // ---- repetitions

  /// `{2,3}`; Ruby also has `{,3}`, takes other braces as they are, and knows no possessive `{2,3}+`.
  std::size_t brace(std::string_view rest, bool first) {
    std::size_t at = 1;
    const auto digits = [&] {
      const std::size_t from = at;
      while (at < rest.size() && is_digit(rest[at])) ++at;
      return rest.substr(from, at - from);
    };
    const std::string_view least = digits();
    const bool comma = at < rest.size() && rest[at] == ',';
    if (comma) ++at;
    const std::string_view most = comma ? digits() : std::string_view();
    const bool closed = at < rest.size() && rest[at] == '}';
    const bool counts = closed && !first && (!least.empty() || (ruby() && comma && !most.empty()));
    if (!counts) {
      if (!ruby()) return report("an illegal repetition"), 1;
      return write("\\{"), 1;
    }
    if (ruby() && at + 1 < rest.size() && rest[at + 1] == '+') {
      return report("a repetition of a repetition, {n,m}+, is not supported"), 1;
    }
    write("{");
    write(least.empty() ? "0" : least);
    write(rest.substr(1 + least.size(), at - least.size()));
    return at + 1;
  }

  RegexDialect dialect_;
  const PatternLibrary& library_;
  TranslatedRegex out_;
  bool numbered_reference_ = false;
  std::optional<Error> error_;
};

}  // namespace

Result<TranslatedRegex> translate_regex(std::string_view text, RegexDialect dialect, const PatternLibrary& library) {
  return Translator(dialect, library).run(text);
}

}  // namespace trailhound::plan
