// What commands are made of: fields, names, patterns, lists.

#include <utility>

#include "lang/esql/parser_state.h"

namespace trailhound::esql {
namespace {

/// Appends the pieces of one segment, merging neighbours of one kind.
void append_pieces(std::vector<PatternPiece>& out, const std::vector<PatternPiece>& pieces) {
  for (const auto& piece : pieces) {
    if (!out.empty() && out.back().star == piece.star) {
      out.back().text += piece.text;
    } else {
      out.push_back(piece);
    }
  }
}

}  // namespace

bool Parser::parse_fields(std::vector<Field>& out, FieldsOf fields) {
  do {
    Field field;
    if (!parse_field(field, fields)) return false;
    out.push_back(std::move(field));
  } while (take(TokenKind::comma));
  return true;
}

bool Parser::parse_field(Field& out, FieldsOf fields) {
  out.name_at = token_.begin;
  if (auto name = try_assignment()) {
    out.name = std::move(name->text);
    out.named = true;
  }
  const std::size_t begin = token_.begin;
  const bool enclosed = at(TokenKind::left_parenthesis);
  out.value = parse_boolean();
  if (!out.value) return false;
  if (!out.named) {
    // Without a name the column is called by its source text. A plain column keeps its own name; in parentheses it
    // does only as a key.
    const bool keeps_name = !enclosed || fields == FieldsOf::keys;
    const auto* column = keeps_name ? std::get_if<ColumnName>(&out.value->node) : nullptr;
    out.name = column ? column->name : std::string(lexer_.text().substr(begin, previous_end_ - begin));
  }
  if (fields == FieldsOf::aggregates && take_word("where")) {
    out.filter = parse_boolean();
    return out.filter != nullptr;
  }
  return true;
}

std::optional<Name> Parser::try_assignment() {
  if (!at(TokenKind::identifier) && !at(TokenKind::quoted_identifier)) return std::nullopt;
  const Mark start = mark();
  Name name;
  name.begin = token_.begin;
  bool ends_in_dot = false;
  while ((at(TokenKind::identifier) && !is_reserved(token_.text)) || at(TokenKind::quoted_identifier)) {
    name.text += at(TokenKind::identifier) ? std::string(token_.text) : token_.value;
    advance();
    ends_in_dot = at(TokenKind::dot);
    if (!ends_in_dot) break;
    name.text += '.';
    advance();
  }
  name.end = previous_end_;
  if (!name.text.empty() && !ends_in_dot && take(TokenKind::assign)) return name;
  reset(start);
  return std::nullopt;
}

bool Parser::parse_name(Name& out, bool reserved_allowed) {
  out.begin = token_.begin;
  for (;;) {
    const bool reserved = at(TokenKind::identifier) && !reserved_allowed && is_reserved(token_.text);
    if ((!at(TokenKind::identifier) && !at(TokenKind::quoted_identifier)) || reserved) {
      return fail_expecting("a column name");
    }
    out.text += at(TokenKind::identifier) ? std::string(token_.text) : token_.value;
    advance();
    if (!take(TokenKind::dot)) break;
    out.text += '.';
  }
  out.end = previous_end_;
  return true;
}

bool Parser::parse_names(std::vector<Name>& out) {
  do {
    Name name;
    if (!parse_name(name)) return false;
    out.push_back(std::move(name));
  } while (take(TokenKind::comma));
  return true;
}

bool Parser::parse_pattern(NamePattern& out) {
  out.begin = token_.begin;
  for (;;) {
    if (!at(TokenKind::name_pattern)) return fail_expecting("a column name or pattern");
    append_pieces(out.pieces, token_.pieces);
    advance(Mode::pattern);
    if (!take(TokenKind::dot, Mode::pattern)) break;
    append_pieces(out.pieces, {{false, "."}});
  }
  out.end = previous_end_;
  return true;
}

bool Parser::parse_patterns(std::vector<NamePattern>& out) {
  do {
    NamePattern pattern;
    if (!parse_pattern(pattern)) return false;
    out.push_back(std::move(pattern));
  } while (take(TokenKind::comma, Mode::pattern));
  return true;
}

bool Parser::parse_string(std::string& out, std::size_t& at_offset) {
  at_offset = token_.begin;
  if (!at(TokenKind::string)) return fail_expecting("a string");
  out = token_.value;
  advance();
  return true;
}

bool Parser::parse_expressions(std::vector<ExpressionPtr>& out) {
  do {
    auto expression = parse_boolean();
    if (!expression) return false;
    out.push_back(std::move(expression));
  } while (take(TokenKind::comma));
  return true;
}

bool Parser::parse_optional_map(Map& out, bool lists_allowed) {
  return !take_word("with") || parse_map(out, lists_allowed);
}

}  // namespace trailhound::esql
