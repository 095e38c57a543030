#include "lang/datadog/text_columns.h"

#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "event/batch.h"

namespace trailhound::lang::datadog {
namespace {

using event::Column;
using event::ColumnRef;
using event::Record;

// Deeper than any record that was accepted: the JSON parser stops at this depth.
constexpr int kMaxDepth = 1024;

bool is_word_byte(char c) { return is_digit(c) || is_letter(c) || static_cast<unsigned char>(c) >= 0x80; }

template <class Visit>
void for_each_word(std::string_view text, Visit visit) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    if (!is_word_byte(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    visit(text.substr(begin, end - begin));
    begin = end;
  }
}

std::optional<Scalar> scalar_of(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::boolean:
      return Scalar(*value.boolean());
    case json::Kind::integer:
      return Scalar(*value.integer());
    case json::Kind::unsigned_integer:
    case json::Kind::real:
      return Scalar(*value.number());
    case json::Kind::string:
      return Scalar(*value.string());
    default:
      return std::nullopt;
  }
}

// Calls on_key for every member name and on_scalar for every scalar, in source order.
template <class OnKey, class OnScalar>
void walk(const json::Value& value, const OnKey& on_key, const OnScalar& on_scalar, int depth) {
  if (depth > kMaxDepth) return;
  if (value.is(json::Kind::object)) {
    for (const json::Member& member : value.members()) {
      on_key(member.key);
      walk(member.value, on_key, on_scalar, depth + 1);
    }
  } else if (value.is(json::Kind::array)) {
    for (const json::Value& element : value.elements()) walk(element, on_key, on_scalar, depth + 1);
  } else if (const std::optional<Scalar> scalar = scalar_of(value)) {
    on_scalar(*scalar);
  }
}

// Texts of keys and scalars, in source order; numbers and booleans as JSON writes them.
template <class Visit>
void for_each_text(const Record& record, const Visit& visit) {
  walk(
      record.root(), visit,
      [&](const Scalar& scalar) {
        if (const auto* text = std::get_if<std::string_view>(&scalar)) {
          visit(*text);
        } else {
          visit(std::string_view(to_text(scalar)));
        }
      },
      0);
}

Cell to_cell(const std::vector<Scalar>& values, Arena& arena) {
  return Cell::several(arena.copy(std::span<const Scalar>(values)));
}

Cell read_values(const Record& record, Arena& arena) {
  std::vector<Scalar> values;
  walk(record.root(), [](std::string_view) {}, [&](const Scalar& scalar) { values.push_back(scalar); }, 0);
  return to_cell(values, arena);
}

Cell read_words(const Record& record, Arena& arena) {
  std::vector<Scalar> words;
  for_each_text(record, [&](std::string_view text) {
    for_each_word(text, [&](std::string_view word) { words.emplace_back(arena.copy(word)); });
  });
  return to_cell(words, arena);
}

Cell read_phrases(const Record& record, Arena& arena) {
  std::vector<Scalar> phrases;
  for_each_text(record, [&](std::string_view text) {
    const std::string phrase = to_phrase(text);
    if (!phrase.empty()) phrases.emplace_back(arena.copy(phrase));
  });
  return to_cell(phrases, arena);
}

ColumnRef make_column(std::string_view name, Cell (*read)(const Record&, Arena&)) {
  Column column;
  column.view = event::View::datadog;
  column.name = name;
  column.read = read;
  return std::make_shared<const Column>(std::move(column));
}

}  // namespace

ColumnRef every_value_column() {
  static const ColumnRef column = make_column("*", read_values);
  return column;
}

ColumnRef words_column() {
  static const ColumnRef column = make_column("*words", read_words);
  return column;
}

ColumnRef phrases_column() {
  static const ColumnRef column = make_column("*phrases", read_phrases);
  return column;
}

ColumnRef text_column_named(std::string_view name) {
  for (const ColumnRef& column : {every_value_column(), words_column(), phrases_column()}) {
    if (column->name == name) return column;
  }
  return nullptr;
}

std::string to_phrase(std::string_view text) {
  std::string phrase;
  for_each_word(text, [&](std::string_view word) {
    if (phrase.empty()) phrase += ' ';
    phrase += word;
    phrase += ' ';
  });
  return phrase;
}

}  // namespace trailhound::lang::datadog
