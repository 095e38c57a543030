#pragma once
/// The parser's inside: a cursor over tokens and one function a grammar rule. Inside src/lang/eql only.
///
/// Functions that read something return nullptr or false after they have reported an error; the caller returns at once.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/eql/lexer.h"
#include "lang/eql/syntax.h"
#include "lang/reporter.h"

namespace trailhound::eql {

class Parser {
 public:
  Parser(std::string_view text, lang::Reporter& reporter);
  [[nodiscard]] std::optional<Statement> parse_statement();

 private:
  // ---- cursor
  void advance() { token_ = lexer_.read(token_.end); }
  [[nodiscard]] Token second() const { return lexer_.read(token_.end); }
  [[nodiscard]] bool at(TokenKind kind) const { return token_.kind == kind; }
  [[nodiscard]] bool at_word(std::string_view word) const { return token_.is_word(word); }
  [[nodiscard]] bool at_tilde_word(std::string_view word) const;
  [[nodiscard]] bool take(TokenKind kind);
  [[nodiscard]] bool take_word(std::string_view word);
  [[nodiscard]] bool expect(TokenKind kind);
  [[nodiscard]] bool expect_word(std::string_view word);
  [[nodiscard]] LineColumn here() const { return lexer_.position(token_.begin); }
  bool fail_expecting(std::string_view what);
  bool fail_here(std::string_view code, std::string message, std::string hint = {});

  // ---- statements (parser.cc)
  [[nodiscard]] bool parse_filter(EventFilter& out);
  [[nodiscard]] bool parse_sequence(SequenceQuery& out);
  [[nodiscard]] bool parse_sample(SequenceQuery& out);
  [[nodiscard]] bool parse_max_span(SequenceQuery& out);
  [[nodiscard]] bool parse_term(Term& out, bool sample);
  [[nodiscard]] bool parse_runs(Term& out);
  [[nodiscard]] bool parse_keys(std::vector<Key>& out);
  [[nodiscard]] bool parse_pipe(std::vector<Pipe>& out);
  [[nodiscard]] bool check_number_of_keys(const SequenceQuery& query);

  // ---- expressions (parser_expression.cc)
  [[nodiscard]] ExpressionPtr parse_or();
  [[nodiscard]] ExpressionPtr parse_and();
  [[nodiscard]] ExpressionPtr parse_not();
  [[nodiscard]] ExpressionPtr parse_comparison();
  [[nodiscard]] ExpressionPtr parse_sum();
  [[nodiscard]] ExpressionPtr parse_product();
  [[nodiscard]] ExpressionPtr parse_unary();
  [[nodiscard]] ExpressionPtr parse_predicate(ExpressionPtr subject);
  [[nodiscard]] ExpressionPtr parse_membership(ExpressionPtr subject);
  [[nodiscard]] ExpressionPtr parse_text_test(ExpressionPtr subject);
  [[nodiscard]] ExpressionPtr parse_primary();
  [[nodiscard]] ExpressionPtr parse_call();
  [[nodiscard]] ExpressionPtr parse_constant();
  [[nodiscard]] ExpressionPtr parse_number();
  [[nodiscard]] bool parse_field(Field& out);
  [[nodiscard]] bool parse_list(std::vector<ExpressionPtr>& out, bool constants_only);
  [[nodiscard]] bool at_constant() const;
  [[nodiscard]] ExpressionPtr make(Expression::Node node, LineColumn at, int depth_below);

  /// Counts a level of the grammar as long as it lives (three a parenthesis); false when there are too many.
  class [[nodiscard]] Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) { ++parser_.level_; }
    ~Level() { --parser_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    [[nodiscard]] bool ok() { return parser_.level_ <= 3 * kMaxDepth || parser_.fail_depth(); }

   private:
    Parser& parser_;
  };
  bool fail_depth();

  std::string_view text_;
  Lexer lexer_;
  lang::Reporter& reporter_;
  Token token_;
  int level_ = 0;
};

}  // namespace trailhound::eql
