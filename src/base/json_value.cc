#include "base/json_value.h"

#include <simdjson.h>

#include <array>
#include <charconv>
#include <cstring>
#include <iterator>
#include <utility>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "base/number_text.h"

namespace trailhound::json {

namespace {

// The inside of an array or object lies between its opening and its closing word on the tape.
struct Inside {
  std::size_t first;
  std::size_t end;
};
Inside inside_of(const Value& container) {
  return {container.index() + 1, container.tape().after(container.index()) - 1};
}

}  // namespace

Kind Value::kind() const {
  if (parts_ == nullptr) return Kind::missing;
  switch (tape().kind(index_)) {
    case '[':
      return Kind::array;
    case '{':
      return Kind::object;
    case '"':
      return Kind::string;
    case 'l':
      return Kind::integer;
    case 'u':
      return Kind::unsigned_integer;
    case 'd':
      return Kind::real;
    case 't':
    case 'f':
      return Kind::boolean;
    case 'n':
      return Kind::null;
    default:
      return Kind::missing;
  }
}

std::optional<bool> Value::boolean() const {
  if (kind() != Kind::boolean) return std::nullopt;
  return tape().kind(index_) == 't';
}

std::optional<std::int64_t> Value::integer() const {
  // simdjson writes the other kind only for what int64 cannot hold.
  if (kind() != Kind::integer) return std::nullopt;
  return tape().number<std::int64_t>(index_);
}

std::optional<std::uint64_t> Value::unsigned_integer() const {
  if (kind() == Kind::unsigned_integer) return tape().number<std::uint64_t>(index_);
  const auto number = integer();
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

std::optional<double> Value::number() const {
  switch (kind()) {
    case Kind::real:
      return tape().number<double>(index_);
    case Kind::integer:
      return static_cast<double>(tape().number<std::int64_t>(index_));
    case Kind::unsigned_integer:
      return static_cast<double>(tape().number<std::uint64_t>(index_));
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> Value::string() const {
  if (kind() != Kind::string) return std::nullopt;
  return tape().text(index_);
}

Value Value::find(std::string_view key) const {
  if (kind() != Kind::object) return {};
  const Tape tape = this->tape();
  const auto [first, end] = inside_of(*this);
  Value found;
  for (std::size_t at = first; at < end; at = tape.after(at + 1)) {
    if (tape.text(at) == key) found = Value(parts_, at + 1);
  }
  return found;
}

std::vector<Member> Value::members() const {
  std::vector<Member> list;
  if (kind() != Kind::object) return list;
  const Tape tape = this->tape();
  list.reserve(tape.count(index_));
  const auto [first, end] = inside_of(*this);
  for (std::size_t at = first; at < end; at = tape.after(at + 1)) {
    list.push_back({tape.text(at), Value(parts_, at + 1)});
  }
  return list;
}

std::optional<Member> Value::last_member() const {
  if (kind() != Kind::object) return std::nullopt;
  const Tape tape = this->tape();
  const auto [first, end] = inside_of(*this);
  std::size_t last = end;
  for (std::size_t at = first; at < end; at = tape.after(at + 1)) last = at;
  if (last == end) return std::nullopt;
  return Member{tape.text(last), Value(parts_, last + 1)};
}

ElementRange Value::elements() const {
  if (kind() != Kind::array) return {};
  const auto [first, end] = inside_of(*this);
  return {Value(parts_, first), Value(parts_, end)};
}

ElementRange::Iterator& ElementRange::Iterator::operator++() {
  at_ = Value::at(at_.parts(), at_.tape().after(at_.index()));
  return *this;
}

std::size_t Value::size() const {
  const Kind container = kind();
  if (container != Kind::object && container != Kind::array) return 0;
  const std::size_t count = tape().count(index_);
  if (count < Tape::kMostCounted) return count;
  // The tape's counter is saturated.
  return container == Kind::object ? members().size() : static_cast<std::size_t>(std::ranges::distance(elements()));
}

void Value::append_json(std::string& out) const {
  if (parts_ == nullptr) return;
  // The tape holds the values in source order, so one walk does: a stack tells what the containers around us are.
  std::vector<char> closers;
  const Tape tape = this->tape();
  const std::size_t end = tape.after(index_);
  bool is_key = false;
  for (std::size_t at = index_; at < end;) {
    const char kind = tape.kind(at);
    if (kind == ']' || kind == '}') {
      out += closers.back();
      closers.pop_back();
      is_key = !closers.empty() && closers.back() == '}';
      ++at;
      continue;
    }
    const bool first = at == index_ || out.back() == '{' || out.back() == '[' || out.back() == ':';
    if (!first) out += ',';
    if (is_key) {
      append_quoted(out, tape.text(at));
      out += ':';
      is_key = false;
      ++at;
      continue;
    }
    std::array<char, 24> digits{};
    const auto append_number = [&](auto number) {
      out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
    };
    switch (kind) {
      case '[':
      case '{':
        out += kind;
        closers.push_back(kind == '[' ? ']' : '}');
        break;
      case '"':
        append_quoted(out, tape.text(at));
        break;
      case 'l':
        append_number(tape.number<std::int64_t>(at));
        break;
      case 'u':
        append_number(tape.number<std::uint64_t>(at));
        break;
      case 'd':
        out += real_text_kept_real(tape.number<double>(at));
        break;
      case 't':
        out += "true";
        break;
      case 'f':
        out += "false";
        break;
      default:
        out += "null";
        break;
    }
    const bool opened = kind == '[' || kind == '{';
    at = opened ? at + 1 : tape.after(at);
    is_key = !closers.empty() && closers.back() == '}';
  }
}

struct Document::Impl {
  simdjson::dom::parser parser;
  TapeParts parts;
  std::string buffer;  // copy of the text for callers without padding
};

Document::Document() : impl_(std::make_unique<Impl>()) {}
Document::~Document() = default;
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;

namespace {

std::string_view reason_of(simdjson::error_code code) {
  switch (code) {
    case simdjson::EMPTY:
      return "the JSON text is empty";
    case simdjson::UTF8_ERROR:
      return "the JSON text is not valid UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "a JSON string is not closed";
    case simdjson::UNESCAPED_CHARS:
      return "a JSON string holds an unescaped control character";
    case simdjson::STRING_ERROR:
      return "a JSON string holds an invalid escape";
    case simdjson::NUMBER_ERROR:
      return "a JSON number is malformed or out of range";
    case simdjson::DEPTH_ERROR:
      return "JSON is nested deeper than 1024 levels";
    case simdjson::CAPACITY:
      return "the JSON text is larger than 4 GB";
    case simdjson::MEMALLOC:
      return "not enough memory to parse JSON";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
      return "the JSON text holds a word that is not true, false or null";
    default:
      return "the JSON text has an error in its structure (a bracket, comma, colon or quote)";
  }
}

bool fits_64_bits(std::string_view digits, bool negative) {
  const std::string_view largest = negative ? "9223372036854775808" : "18446744073709551615";
  return digits.size() < largest.size() || (digits.size() == largest.size() && digits <= largest);
}

// The text with "e0" behind every integer that 64 bits cannot hold, which makes simdjson read it as a double. Its DOM
// refuses such integers; this second try is for the rare text that has one. Padded.
std::string with_long_integers_as_reals(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 64 + Document::kPadding);
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (in_string || !is_digit(c)) {
      if (in_string && c == '\\' && at + 1 < text.size())
        out += text[at++];
      else if (c == '"')
        in_string = !in_string;
      out += text[at++];
      continue;
    }
    // A whole number token, so that digits of a fraction or an exponent are no integers of their own.
    std::size_t end = at;
    while (end < text.size() && (is_digit(text[end]) || std::string_view(".eE+-").contains(text[end]))) ++end;
    const std::string_view token = text.substr(at, end - at);
    const bool integer = token.find_first_not_of("0123456789") == std::string_view::npos;
    const bool negative = !out.empty() && out.back() == '-';
    out += token;
    if (integer && !fits_64_bits(token, negative)) out += "e0";
    at = end;
  }
  out.append(Document::kPadding, '\0');
  return out;
}

/// The value of the escape \uXXXX at `at`, or -1 if there is none.
int escaped_unit(std::string_view json, std::size_t at) {
  if (at + 6 > json.size() || json[at] != '\\' || json[at + 1] != 'u') return -1;
  int unit = 0;
  const char* const end = json.data() + at + 6;
  const auto [stop, error] = std::from_chars(json.data() + at + 2, end, unit, 16);
  return error == std::errc{} && stop == end ? unit : -1;
}

}  // namespace

void replace_lone_surrogates(std::string& json) {
  constexpr std::size_t kEscape = 6;
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at)) {
    const int unit = escaped_unit(json, at);
    if (unit < 0xD800 || unit > 0xDFFF) {
      at += unit < 0 ? 2 : kEscape;
      continue;
    }
    const int next = escaped_unit(json, at + kEscape);
    if (unit <= 0xDBFF && next >= 0xDC00 && next <= 0xDFFF) {
      at += 2 * kEscape;
      continue;
    }
    json.replace(at, kEscape, "\\ufffd");
    at += kEscape;
  }
}

Result<Value> Document::parse(std::string_view text) {
  impl_->buffer.reserve(text.size() + kPadding);
  impl_->buffer.assign(text);
  return parse_padded(impl_->buffer.data(), impl_->buffer.size());
}

Result<Value> Document::parse_padded(const char* text, std::size_t size) {
  static_assert(kPadding >= simdjson::SIMDJSON_PADDING);
  simdjson::error_code error = impl_->parser.parse(text, size, false).error();
  std::string repaired;
  for (int repair = 0; repair < 2; ++repair) {  // one of each kind
    if (error == simdjson::NUMBER_ERROR) {
      repaired = with_long_integers_as_reals({text, size});
    } else if (error == simdjson::STRING_ERROR) {
      std::string whole(text, size);
      replace_lone_surrogates(whole);
      repaired = std::move(whole.append(kPadding, '\0'));
    } else {
      break;
    }
    text = repaired.data();
    size = repaired.size() - kPadding;
    error = impl_->parser.parse(text, size, false).error();
  }
  if (error != simdjson::SUCCESS) return fail(std::string(reason_of(error)));
  impl_->parts = {impl_->parser.doc.tape.get(), impl_->parser.doc.string_buf.get(), nullptr};
  return Value::at(&impl_->parts, 1);
}

}  // namespace trailhound::json
