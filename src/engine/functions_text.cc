// Texts. Positions count code points.

#include <utf8proc.h>

#include <algorithm>
#include <limits>
#include <string>

#include "base/utf8.h"
#include "engine/case_mapping.h"
#include "engine/function_kernels.h"

namespace trailhound::engine::kernels {
namespace {

template <class Test>
Cell test_texts(const FunctionCall& call, Test test) {
  const auto text = call.text(0);
  const auto part = call.text(1);
  if (!text || !part) return Cell::null();
  return Cell::one(test(*text, *part));
}

template <void (*Append)(std::string&, std::string_view)>
Cell map_texts(const FunctionCall& call) {
  std::vector<Scalar> mapped;
  std::string text;
  for (const Scalar& element : call.values(0)) {
    const auto* source = std::get_if<std::string_view>(&element);
    if (source == nullptr) continue;
    text.clear();
    Append(text, *source);
    mapped.emplace_back(call.arena().copy(std::string_view(text)));
  }
  return call.several_result(mapped);
}

std::int64_t count_code_points(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += utf8_step(text, at)) ++count;
  return count;
}

/// Byte offset behind the first `count` code points; the end if there are fewer.
std::size_t offset_of(std::string_view text, std::int64_t count) {
  std::size_t at = 0;
  for (; count > 0 && at < text.size(); --count) at += utf8_step(text, at);
  return at;
}

bool is_white_space(utf8proc_int32_t code) {
  // Java's notion for strip(): separators but the no-break ones, and the ASCII controls that separate.
  if (code == 0xA0 || code == 0x2007 || code == 0x202F) return false;
  if ((code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F)) return true;
  const auto category = utf8proc_category(code);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

utf8proc_int32_t code_point_at(std::string_view text, std::size_t at, std::size_t size) {
  utf8proc_int32_t code = 0;
  utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data() + at), static_cast<utf8proc_ssize_t>(size),
                   &code);
  return code;
}

std::string_view trimmed(std::string_view text, bool front, bool back) {
  while (front && !text.empty()) {
    const std::size_t size = utf8_step(text, 0);
    if (!is_white_space(code_point_at(text, 0, size))) break;
    text.remove_prefix(size);
  }
  while (back && !text.empty()) {
    const std::size_t size = utf8_step_back(text, text.size());
    if (!is_white_space(code_point_at(text, text.size() - size, size))) break;
    text.remove_suffix(size);
  }
  return text;
}

Cell trim_cell(const FunctionCall& call, bool front, bool back) {
  const auto text = call.text(0);
  return text ? Cell::one(trimmed(*text, front, back)) : Cell::null();
}

/// Bounds what one value of a query can make; Elasticsearch has the same bound.
constexpr std::size_t kMostBytes = 1024 * 1024;

Cell repeated(const FunctionCall& call, std::string_view text, std::int64_t count) {
  if (count < 0) return call.fail(Failure::argument, "Number parameter cannot be negative");
  if (!text.empty() && static_cast<std::uint64_t>(count) > kMostBytes / text.size()) {
    return call.fail(Failure::argument, "Creating repeated strings with more than 1048576 bytes is not supported");
  }
  std::string out;
  out.reserve(text.size() * static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count && !text.empty(); ++i) out += text;
  return call.text_result(out);
}

}  // namespace

Cell starts_with(const FunctionCall& call) {
  return test_texts(call, [](std::string_view text, std::string_view part) { return text.starts_with(part); });
}
Cell ends_with(const FunctionCall& call) {
  return test_texts(call, [](std::string_view text, std::string_view part) { return text.ends_with(part); });
}
Cell contains(const FunctionCall& call) {
  return test_texts(call, [](std::string_view text, std::string_view part) { return text.contains(part); });
}

Cell to_lower(const FunctionCall& call) { return map_texts<append_lower>(call); }
Cell to_upper(const FunctionCall& call) { return map_texts<append_upper>(call); }

Cell length(const FunctionCall& call) {
  const auto text = call.text(0);
  if (!text) return Cell::null();
  return Cell::one(count_code_points(*text));
}

Cell byte_length(const FunctionCall& call) {
  const auto text = call.text(0);
  return text ? call.whole_result(static_cast<std::int64_t>(text->size())) : Cell::null();
}

Cell bit_length(const FunctionCall& call) {
  const auto text = call.text(0);
  return text ? call.whole_result(static_cast<std::int64_t>(text->size()) * 8) : Cell::null();
}

Cell concat(const FunctionCall& call) {
  std::string joined;
  for (std::size_t i = 0; i < call.size(); ++i) {
    const auto text = call.text(i);
    if (!text) return Cell::null();
    if (joined.size() + text->size() > kMostBytes) {
      return call.fail(Failure::argument, "concatenating more than [1048576] bytes is not supported");
    }
    joined += *text;
  }
  return call.text_result(joined);
}

Cell substring(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto start = call.whole(1);
  const auto length = call.size() > 2 ? call.whole(2) : std::optional<std::int64_t>(std::numeric_limits<int>::max());
  if (!text || !start || !length) return Cell::null();
  if (*length < 0) {
    return call.fail(Failure::argument, "Length parameter cannot be negative");
  }
  // A negative start counts from the end; one beyond either end is the end.
  std::int64_t skipped = *start > 0 ? *start - 1 : 0;
  if (*start < 0)
    skipped = std::max<std::int64_t>(
        0, count_code_points(*text) + std::max<std::int64_t>(*start, std::numeric_limits<int>::min()));
  const std::string_view rest = text->substr(offset_of(*text, skipped));
  return Cell::one(rest.substr(0, offset_of(rest, *length)));
}

Cell left(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto count = call.whole(1);
  if (!text || !count) return Cell::null();
  return Cell::one(text->substr(0, offset_of(*text, *count)));
}

Cell right(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto count = call.whole(1);
  if (!text || !count) return Cell::null();
  std::size_t begin = text->size();
  for (std::int64_t i = 0; i < *count && begin > 0; ++i) begin -= utf8_step_back(*text, begin);
  return Cell::one(text->substr(begin));
}

Cell locate(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto part = call.text(1);
  const auto start = call.size() > 2 ? call.whole(2) : std::optional<std::int64_t>(1);
  if (!text || !part || !start) return Cell::null();
  const std::int64_t skipped = std::max<std::int64_t>(*start, 1) - 1;
  if (skipped > count_code_points(*text)) return Cell::one(std::int64_t{0});
  const std::size_t found = text->find(*part, offset_of(*text, skipped));
  if (found == std::string_view::npos) return Cell::one(std::int64_t{0});
  return Cell::one(count_code_points(text->substr(0, found)) + 1);
}

Cell trim(const FunctionCall& call) { return trim_cell(call, true, true); }
Cell ltrim(const FunctionCall& call) { return trim_cell(call, true, false); }
Cell rtrim(const FunctionCall& call) { return trim_cell(call, false, true); }

Cell repeat(const FunctionCall& call) {
  const auto text = call.text(0);
  const auto count = call.whole(1);
  return text && count ? repeated(call, *text, *count) : Cell::null();
}

Cell space(const FunctionCall& call) {
  const auto count = call.whole(0);
  return count ? repeated(call, " ", *count) : Cell::null();
}

Cell reverse(const FunctionCall& call) {
  const auto text = call.text(0);
  if (!text) return Cell::null();
  // Clusters are laid down from the back.
  std::string out(text->size(), ' ');
  std::size_t free = out.size();
  utf8proc_int32_t state = 0;
  for (std::size_t begin = 0; begin < text->size();) {
    std::size_t end = begin + utf8_step(*text, begin);
    auto before = code_point_at(*text, begin, end - begin);
    while (end < text->size()) {
      const std::size_t size = utf8_step(*text, end);
      const auto next = code_point_at(*text, end, size);
      if (utf8proc_grapheme_break_stateful(before, next, &state)) break;
      before = next;
      end += size;
    }
    free -= end - begin;
    out.replace(free, end - begin, *text, begin, end - begin);
    begin = end;
  }
  return call.text_result(out);
}

}  // namespace trailhound::engine::kernels
