#pragma once
/// The parser's inside: a cursor over tokens and one function a grammar rule. Inside src/lang/esql only.
///
/// Functions that read something return nullptr or false after they have reported an error; the caller returns at
/// once, up to the command, which skips to the next `|`.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lang/esql/lexer.h"
#include "lang/esql/parameters.h"
#include "lang/esql/syntax.h"
#include "lang/reporter.h"

namespace trailhound::esql {

inline constexpr std::string_view kMixedParameters =
    "Inconsistent parameter declaration, use one of positional, named or anonymous params but not a combination of "
    "them";

class Parser {
 public:
  Parser(std::string_view text, Reporter& reporter, const Parameters* parameters);

  [[nodiscard]] Query parse_query();

 private:
  // ---- cursor
  struct Mark {
    Token token;
    std::size_t previous_end = 0;
  };
  void advance(Mode next = Mode::expression);
  void read(std::size_t offset, Mode mode);
  [[nodiscard]] const QueryParameter* parameter();
  /// Whether the parameter here goes with those before: a query has named, numbered or nameless ones.
  [[nodiscard]] bool parameter_fits();
  void set_mode(Mode mode);  ///< reads the current token again in another mode
  [[nodiscard]] bool at(TokenKind kind) const { return token_.kind == kind; }
  [[nodiscard]] bool at_word(std::string_view word) const { return token_.is_word(word); }
  [[nodiscard]] bool take(TokenKind kind, Mode next = Mode::expression);
  [[nodiscard]] bool take_word(std::string_view word, Mode next = Mode::expression);
  [[nodiscard]] bool expect(TokenKind kind, Mode next = Mode::expression);
  [[nodiscard]] bool expect_word(std::string_view word, Mode next = Mode::expression);
  [[nodiscard]] Token second(Mode mode = Mode::expression) const;  ///< the token behind the current one
  [[nodiscard]] Mark mark() const { return {token_, previous_end_}; }
  void reset(Mark mark);
  bool fail_expecting(std::string_view what);
  bool fail_at(std::size_t offset, std::string_view code, std::string message, std::string hint = {});

  // ---- commands (parser.cc, parser_commands.cc)
  [[nodiscard]] bool parse_pipeline(Pipeline& out, bool with_source, bool nested);
  void skip_to_pipe(bool nested);
  [[nodiscard]] bool parse_settings(Query& out);
  [[nodiscard]] bool parse_source(Command& out);
  [[nodiscard]] bool parse_command(Command& out);
  [[nodiscard]] bool parse_rare_command(Command& out, const std::string& word);
  [[nodiscard]] bool parse_from(From& out);
  [[nodiscard]] bool parse_source_item(SourceItem& out);
  [[nodiscard]] bool parse_stats(Stats& out);
  [[nodiscard]] bool parse_sort(Sort& out);
  [[nodiscard]] bool parse_rename(Rename& out);
  [[nodiscard]] bool parse_dissect(Dissect& out);
  [[nodiscard]] bool parse_grok(Grok& out);
  [[nodiscard]] bool parse_enrich(Enrich& out);
  [[nodiscard]] bool parse_lookup_join(LookupJoin& out);
  [[nodiscard]] bool parse_change_point(ChangePoint& out);
  [[nodiscard]] bool parse_fork(Fork& out);
  [[nodiscard]] bool parse_fuse(Fuse& out);
  [[nodiscard]] bool parse_completion(Completion& out);
  [[nodiscard]] bool parse_rerank(Rerank& out);
  enum class FieldsOf { row, aggregates, keys };  ///< of ROW, EVAL and RERANK; of STATS; of its BY
  [[nodiscard]] bool parse_fields(std::vector<Field>& out, FieldsOf fields);
  [[nodiscard]] bool parse_field(Field& out, FieldsOf fields);
  [[nodiscard]] bool parse_name(Name& out, bool reserved_allowed = false);
  [[nodiscard]] bool parse_names(std::vector<Name>& out);
  [[nodiscard]] bool parse_pattern(NamePattern& out);
  [[nodiscard]] bool parse_patterns(std::vector<NamePattern>& out);
  [[nodiscard]] bool parse_string(std::string& out, std::size_t& at_offset);
  [[nodiscard]] std::optional<Name> try_assignment();  ///< `name =` if it stands here
  [[nodiscard]] bool parse_expressions(std::vector<ExpressionPtr>& out);
  [[nodiscard]] bool parse_optional_map(Map& out, bool lists_allowed = false);  ///< WITH { ... }

  // ---- expressions (parser_expression.cc)
  [[nodiscard]] ExpressionPtr parse_boolean();
  [[nodiscard]] ExpressionPtr parse_and();
  [[nodiscard]] ExpressionPtr parse_not();
  [[nodiscard]] ExpressionPtr parse_predicate();
  [[nodiscard]] ExpressionPtr parse_like(ExpressionPtr text, bool negated, bool regular, std::size_t begin);
  [[nodiscard]] ExpressionPtr parse_in(ExpressionPtr needle, bool negated, std::size_t begin);
  [[nodiscard]] ExpressionPtr parse_is(ExpressionPtr operand, std::size_t begin);
  [[nodiscard]] ExpressionPtr parse_comparison();
  [[nodiscard]] ExpressionPtr parse_additive();
  [[nodiscard]] ExpressionPtr parse_multiplicative();
  [[nodiscard]] ExpressionPtr parse_unary();
  [[nodiscard]] ExpressionPtr parse_primary();
  [[nodiscard]] ExpressionPtr parse_operand();
  [[nodiscard]] ExpressionPtr parse_parenthesised();
  [[nodiscard]] ExpressionPtr parse_number();
  [[nodiscard]] ExpressionPtr parse_array();
  [[nodiscard]] ExpressionPtr parse_column_or_call();
  [[nodiscard]] ExpressionPtr parse_call();
  [[nodiscard]] std::optional<Literal> parse_literal();
  [[nodiscard]] bool parse_map(Map& out, bool lists_allowed = false);
  [[nodiscard]] bool query_begins_here() const;
  [[nodiscard]] ExpressionPtr make(Expression::Node node, std::size_t begin,
                                   std::initializer_list<const Expression*> of);
  [[nodiscard]] ExpressionPtr make_list(Expression::Node node, std::size_t begin, int depth);

  /// Counts a level of nesting as long as it lives; false when there are too many.
  class [[nodiscard]] Level {
   public:
    explicit Level(Parser& parser) : parser_(parser) { ++parser_.level_; }
    ~Level() { --parser_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    [[nodiscard]] bool ok() { return parser_.level_ <= kMaxDepth || parser_.fail_depth(); }

   private:
    Parser& parser_;
  };
  bool fail_depth();

  Lexer lexer_;
  Reporter& reporter_;
  const Parameters* parameters_;
  enum class ParameterKind : std::uint8_t { nameless, numbered, named };
  std::optional<ParameterKind> parameter_kind_;
  std::map<std::size_t, std::size_t> unnamed_;  ///< places of parameters in the text, in order
  Token token_;
  std::size_t previous_end_ = 0;
  int level_ = 0;
};

}  // namespace trailhound::esql
