#include "plan/text_form.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/diagnostics.h"
#include "base/json_writer.h"
#include "base/number_text.h"
#include "base/utf8.h"

namespace trailhound::plan {

namespace {

constexpr std::string_view kTypeMark = "::";

// Quoted as JSON, but without loss where the bytes are not UTF-8.
void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string quoted;
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && utf8_sequence_size(text, end) > 0) end += utf8_sequence_size(text, end);
    quoted.clear();
    json::append_quoted(quoted, text.substr(at, end - at));
    out.append(quoted, 1, quoted.size() - 2);
    if (end < text.size()) {
      const auto byte = static_cast<unsigned char>(text[end++]);
      out.append("\\x").append(1, kDigits[byte >> 4]).append(1, kDigits[byte & 0xF]);
    }
    at = end;
  }
  out += '"';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  Result<Form> whole() {
    TRY(Form form, read(0));
    skip_space();
    if (at_ < text_.size()) return error("there is text behind the end");
    return form;
  }

 private:
  std::unexpected<Error> error(std::string what) const {
    const LineColumn place = line_column_of(text_, at_);
    return fail(std::move(what), std::to_string(place.line) + ":" + std::to_string(place.column));
  }

  void skip_space() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  [[nodiscard]] bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  [[nodiscard]] bool type_follows() const { return text_.substr(at_).starts_with(kTypeMark); }

  Result<Form> read(int depth) {
    if (depth > kMaxFormDepth) return error("nested deeper than " + std::to_string(kMaxFormDepth) + " levels");
    skip_space();
    if (at_ == text_.size()) return error("the text ends where a form is expected");
    Form form;
    form.offset = at_;
    if (next_is('(')) {
      form.kind = Form::Kind::list;
      TRY_VOID(read_items(form, ')', depth));
    } else if (next_is('[')) {
      form.kind = Form::Kind::vector;
      TRY_VOID(read_items(form, ']', depth));
    } else if (next_is('"')) {
      form.kind = Form::Kind::string;
      TRY_VOID(read_string(form.text));
    } else {
      TRY_VOID(read_atom(form));
    }
    if (type_follows()) {
      at_ += kTypeMark.size();
      form.type = take_plain();
      if (form.type.empty()) return error("a type is expected behind ::");
    }
    return form;
  }

  Status read_items(Form& form, char closer, int depth) {
    ++at_;
    while (true) {
      skip_space();
      if (at_ == text_.size()) return error(std::string("a bracket is not closed: ") + closer + " is missing");
      if (next_is(closer)) break;
      TRY(Form item, read(depth + 1));
      form.items.push_back(std::move(item));
    }
    ++at_;
    return {};
  }

  std::string take_plain() {
    const std::size_t start = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && !std::string_view("()[]\"").contains(text_[at_]) &&
           !type_follows()) {
      ++at_;
    }
    return std::string(text_.substr(start, at_ - start));
  }

  Status read_atom(Form& form) {
    form.text = take_plain();
    if (form.text.empty()) return error("a form is expected");
    if (next_is('"')) TRY_VOID(read_string(form.tail.emplace()));
    return {};
  }

  Status read_string(std::string& out) {
    ++at_;
    while (!next_is('"')) {
      const std::size_t end = std::min(text_.find_first_of("\"\\", at_), text_.size());
      out += text_.substr(at_, end - at_);
      at_ = end;
      if (at_ == text_.size()) return error("a string is not closed");
      if (text_[at_] == '\\') TRY_VOID(read_escape(out));
    }
    ++at_;
    return {};
  }

  Status read_escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (++at_ == text_.size()) return error("a string is not closed");
    const char name = text_[at_++];
    if (const std::size_t known = kNames.find(name); known != std::string_view::npos) {
      out += kMeanings[known];
      return {};
    }
    if (name == 'x') {
      TRY(const unsigned byte, read_hex(2));
      out += static_cast<char>(byte);
      return {};
    }
    if (name != 'u') return error("a string holds an unknown escape");
    TRY(const unsigned unit, read_hex(4));
    if (unit < 0xD800 || unit > 0xDFFF) {
      append_utf8(out, unit);
      return {};
    }
    const bool pair = unit < 0xDC00 && text_.substr(at_).starts_with("\\u");
    if (!pair) return error("half a surrogate pair in a string");
    at_ += 2;
    TRY(const unsigned low, read_hex(4));
    if (low < 0xDC00 || low > 0xDFFF) return error("half a surrogate pair in a string");
    append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    return {};
  }

  Result<unsigned> read_hex(std::size_t count) {
    const std::string_view digits = text_.substr(at_, count);
    const auto code = number_in<unsigned>(digits, 16);
    if (!code || digits.size() < count) return error("hexadecimal digits are expected in an escape");
    at_ += count;
    return *code;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void append_flat(std::string& out, const Form& form) {
  switch (form.kind) {
    case Form::Kind::atom:
      out += form.text;
      if (form.tail) append_string(out, *form.tail);
      break;
    case Form::Kind::string:
      append_string(out, form.text);
      break;
    case Form::Kind::list:
    case Form::Kind::vector:
      out += form.kind == Form::Kind::list ? '(' : '[';
      for (std::size_t i = 0; i < form.items.size(); ++i) {
        if (i > 0) out += ' ';
        append_flat(out, form.items[i]);
      }
      out += form.kind == Form::Kind::list ? ')' : ']';
      break;
  }
  if (!form.type.empty()) out.append(kTypeMark).append(form.type);
}

bool is_container(const Form& form) { return form.kind == Form::Kind::list || form.kind == Form::Kind::vector; }

// A list that is too wide keeps its head and the atoms and strings next to it on the first line; the rest goes below.
void append_wrapped(std::string& out, const Form& form, std::size_t indent, std::size_t width) {
  std::string flat = to_text(form);
  if (!is_container(form) || indent + flat.size() <= width) {
    out += flat;
    return;
  }
  const bool list = form.kind == Form::Kind::list;
  out += list ? '(' : '[';
  bool beside = list;
  for (std::size_t i = 0; i < form.items.size(); ++i) {
    beside = beside && !is_container(form.items[i]);
    if (beside && i > 0)
      out += ' ';
    else if (!beside)
      out.append("\n").append(indent + 2, ' ');
    append_wrapped(out, form.items[i], indent + 2, width);
  }
  out += list ? ')' : ']';
  if (!form.type.empty()) out.append(kTypeMark).append(form.type);
}

}  // namespace

std::string_view Form::head() const {
  const bool named = kind == Kind::list && !items.empty() && items[0].kind == Kind::atom && !items[0].tail;
  return named ? std::string_view(items[0].text) : std::string_view();
}

Form atom(std::string_view text) {
  Form form;
  form.text = text;
  return form;
}

Form number_form(std::uint64_t number) { return atom(std::to_string(number)); }

Form string_form(std::string_view text) {
  Form form = atom(text);
  form.kind = Form::Kind::string;
  return form;
}

Form prefixed(std::string_view prefix, std::string_view text) {
  Form form = atom(prefix);
  form.tail = text;
  return form;
}

Form vector_form(std::vector<Form> items) {
  Form form;
  form.kind = Form::Kind::vector;
  form.items = std::move(items);
  return form;
}

Form list(std::string_view head, std::vector<Form> items) {
  Form form;
  form.kind = Form::Kind::list;
  form.items = std::move(items);
  form.items.insert(form.items.begin(), atom(head));
  return form;
}

Result<Form> parse_form(std::string_view text) { return Reader(text).whole(); }

std::string to_text(const Form& form) {
  std::string out;
  append_flat(out, form);
  return out;
}

std::string to_wrapped_text(const Form& form, std::size_t width) {
  std::string out;
  append_wrapped(out, form, 0, width);
  return out;
}

}  // namespace trailhound::plan
