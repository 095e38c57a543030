#include "lang/esql/parser.h"

#include "base/ascii.h"
#include "lang/esql/codes.h"
#include "lang/esql/parser_state.h"

namespace trailhound::esql {

Query parse(std::string_view text, Reporter& reporter, const Parameters* parameters) {
  if (text.size() > kMaxText) {
    reporter.error(codes::kTooComplex, {1, 1}, "the query is longer than " + std::to_string(kMaxText) + " bytes");
    return {};
  }
  return Parser(text, reporter, parameters).parse_query();
}

Parser::Parser(std::string_view text, Reporter& reporter, const Parameters* parameters)
    : lexer_(text), reporter_(reporter), parameters_(parameters) {
  read(0, Mode::expression);
}

// ---- cursor ---------------------------------------------------------------------------------------------------------

void Parser::advance(Mode next) {
  previous_end_ = token_.end;
  read(token_.end, next);
}

void Parser::set_mode(Mode mode) { read(previous_end_, mode); }

/// The token at or behind `offset`; one that stands for a name becomes that name.
void Parser::read(std::size_t offset, Mode mode) {
  token_ = lexer_.read(offset, mode);
  if (token_.kind != TokenKind::identifier_parameter || parameters_ == nullptr) return;
  if (!parameter_fits()) {
    token_.kind = TokenKind::error;
    token_.value = kMixedParameters;
    return;
  }
  const auto* parameter = this->parameter();
  const auto* name = parameter ? std::get_if<std::string>(&parameter->value.value) : nullptr;
  if (name == nullptr) {
    token_.kind = TokenKind::error;
    token_.value = parameter ? "a name must be a text" : "Unknown query parameter [" + std::string(token_.text) + "]";
    return;
  }
  token_.kind = mode == Mode::pattern ? TokenKind::name_pattern : TokenKind::quoted_identifier;
  token_.value = *name;
  token_.pieces = {{false, *name}};
}

/// What the token stands for. Those without a name or number are counted by their places in the text.
const QueryParameter* Parser::parameter() {
  const auto place = unnamed_.emplace(token_.begin, unnamed_.size()).first->second;
  return find_parameter(*parameters_, token_.text, place);
}

bool Parser::parameter_fits() {
  const std::string_view text = token_.text.substr(std::min(token_.text.find_first_not_of('?'), token_.text.size()));
  const ParameterKind kind = text.empty()             ? ParameterKind::nameless
                             : is_digit(text.front()) ? ParameterKind::numbered
                                                      : ParameterKind::named;
  if (!parameter_kind_) parameter_kind_ = kind;
  return *parameter_kind_ == kind;
}

Token Parser::second(Mode mode) const { return lexer_.read(token_.end, mode); }

void Parser::reset(Mark mark) {
  token_ = std::move(mark.token);
  previous_end_ = mark.previous_end;
}

bool Parser::take(TokenKind kind, Mode next) {
  if (!at(kind)) return false;
  advance(next);
  return true;
}

bool Parser::take_word(std::string_view word, Mode next) {
  if (!at_word(word)) return false;
  advance(next);
  return true;
}

bool Parser::expect(TokenKind kind, Mode next) { return take(kind, next) || fail_expecting(describe(kind)); }

bool Parser::expect_word(std::string_view word, Mode next) {
  if (take_word(word, next)) return true;
  return fail_expecting(upper_ascii(word));
}

bool Parser::fail_at(std::size_t offset, std::string_view code, std::string message, std::string hint) {
  reporter_.error(code, lexer_.position(offset), std::move(message), std::move(hint));
  return false;
}

bool Parser::fail_expecting(std::string_view what) {
  if (at(TokenKind::error)) {
    return fail_at(token_.begin, codes::kLexical,
                   "cannot read '" + std::string(token_.text.substr(0, 20)) + "': " + token_.value);
  }
  const std::string found = at(TokenKind::end) ? "the end of the query" : "'" + std::string(token_.text) + "'";
  std::string hint;
  if (at(TokenKind::assign)) hint = "equality is written ==";
  if (at(TokenKind::insensitive_equal)) hint = "ES|QL has no =~; compare TO_LOWER(...) or use RLIKE";
  if (at(TokenKind::identifier) && is_reserved(token_.text)) {
    hint = "to use " + std::string(token_.text) + " as a name, put it in backquotes";
  }
  return fail_at(token_.begin, codes::kSyntax, "found " + found + " where " + std::string(what) + " was expected",
                 hint);
}

bool Parser::fail_depth() {
  return fail_at(token_.begin, codes::kTooComplex,
                 "expressions are nested deeper than " + std::to_string(kMaxDepth) + " levels");
}

/// Behind an error: goes to the `|` that ends the command, or in a nested pipeline to its closing parenthesis.
void Parser::skip_to_pipe(bool nested) {
  int open = 0;
  while (!at(TokenKind::end)) {
    if (at(TokenKind::pipe) && open == 0) return;
    if (at(TokenKind::left_parenthesis)) ++open;
    if (at(TokenKind::right_parenthesis) && open > 0) {
      --open;
    } else if (at(TokenKind::right_parenthesis) && nested) {
      return;
    }
    // A lexical error inside the rest of a broken command is a finding of its own.
    if (at(TokenKind::error)) fail_expecting("a command");
    advance();
  }
}

// ---- the query ------------------------------------------------------------------------------------------------------

Query Parser::parse_query() {
  Query query;
  if (!parse_settings(query)) return query;
  (void)parse_pipeline(query.pipeline, true, false);
  return query;
}

bool Parser::parse_settings(Query& out) {
  while (at_word("set")) {
    advance();
    Setting setting;
    if (!parse_name(setting.name) || !expect(TokenKind::assign)) return false;
    if (at(TokenKind::left_brace)) {
      if (!parse_map(setting.map)) return false;
    } else {
      auto literal = parse_literal();
      if (!literal) return false;
      setting.value = *std::move(literal);
    }
    if (!expect(TokenKind::semicolon)) return false;
    out.settings.push_back(std::move(setting));
  }
  return true;
}

/// Commands up to the end, or in a nested pipeline up to its closing parenthesis, which is left to the caller. Errors
/// end a command, not the pipeline.
bool Parser::parse_pipeline(Pipeline& out, bool with_source, bool nested) {
  Level level(*this);
  if (!level.ok()) return false;
  bool good = true;
  for (bool first = true;; first = false) {
    Command command;
    command.begin = token_.begin;
    bool ok = first && with_source ? parse_source(command) : parse_command(command);
    command.end = previous_end_;
    const bool ends = at(TokenKind::end) || at(TokenKind::pipe) || (nested && at(TokenKind::right_parenthesis));
    if (ok && !ends) ok = fail_expecting("'|' or the end of " + command.name);
    if (ok) {
      out.commands.push_back(std::move(command));
    } else {
      good = false;
      skip_to_pipe(nested);
    }
    if (!at(TokenKind::pipe)) return good;
    advance();
  }
}

}  // namespace trailhound::esql
