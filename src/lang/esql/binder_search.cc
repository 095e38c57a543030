// Search functions: KQL, QSTR, MATCH, MATCH_PHRASE and `field : value`. What they mean is worked out over the fields of
// the events, so each becomes a hidden boolean column of the source, which the rest of the query reads like any other.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "base/ascii.h"
#include "base/civil_date.h"
#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"
#include "lang/esql/constant_arguments.h"
#include "lang/field_clauses.h"
#include "lang/kuery/kuery.h"
#include "lang/lucene/lucene.h"
#include "plan/analyzer.h"
#include "plan/code_points.h"

namespace trailhound::esql {
namespace {

/// An option of a search function. Those without effect decide about scores or limits of an index.
struct SearchOption {
  std::string_view function;
  std::string_view name;
  bool without_effect = false;
};
constexpr auto kSearchOptions = std::to_array<SearchOption>({
    {"kql", "boost", true},
    {"kql", "case_insensitive"},
    {"kql", "default_field"},
    {"kql", "time_zone"},
    {"qstr", "allow_leading_wildcard"},
    {"qstr", "analyze_wildcard", true},
    {"qstr", "boost", true},
    {"qstr", "default_field"},
    {"qstr", "default_operator"},
    {"qstr", "fuzzy_max_expansions", true},
    {"qstr", "lenient", true},
    {"qstr", "max_determinized_states", true},
    {"qstr", "rewrite", true},
    {"qstr", "time_zone"},
    {"match", "analyzer"},
    {"match", "auto_generate_synonyms_phrase_query", true},
    {"match", "boost", true},
    {"match", "fuzziness"},
    {"match", "fuzzy_rewrite", true},
    {"match", "fuzzy_transpositions"},
    {"match", "lenient"},
    {"match", "max_expansions", true},
    {"match", "minimum_should_match"},
    {"match", "operator"},
    {"match", "prefix_length"},
    {"match", "zero_terms_query"},
    {"match_phrase", "analyzer"},
    {"match_phrase", "boost", true},
    {"match_phrase", "slop"},
    {"match_phrase", "zero_terms_query"},
});

/// "[KQL] function", "[:] operator".
std::string title(std::string_view name) {
  return name == ":" ? "[:] operator" : "[" + upper_ascii(name) + "] function";
}

/// The value of an option as text: true, 2, AUTO.
std::string text_of(const MapEntry& option) {
  const auto* text = std::get_if<std::string>(&option.value.value);
  return text ? *text : to_text(option.value.value);
}

plan::Expr tokens_of(const event::ColumnRef& column, LineColumn at) {
  return plan::make(plan::Call{plan::Function::analyzed_tokens, {plan::column(column, at)}}, LogicalType::text, at);
}

}  // namespace

/// How MATCH takes its text.
struct Binder::MatchOptions {
  bool all_terms = false;
  std::string fuzziness;
  std::int64_t prefix = 0;
  bool phrase = false;
  bool lenient = true;  ///< a value that is none of the field's type matches nothing
};

// ---- where they may stand -------------------------------------------------------------------------------------------

bool Binder::may_search(const Expression& e, std::string_view name) {
  std::string wrong;
  const bool whole_query = name == "kql" || name == "qstr";
  if (!searches_) {
    wrong = title(name) + " is only supported in WHERE and STATS commands, alone or under AND, OR and NOT";
  } else if (whole_query && !moved_by_.empty()) {
    wrong = title(name) + " cannot be used after " + moved_by_;
  } else if (!cut_by_.empty()) {
    wrong = title(name) + " cannot be used after " + cut_by_;
  }
  if (wrong.empty()) return true;
  reporter_.error(codes::kSearch, at(e), std::move(wrong));
  return false;
}

/// After LIMIT and STATS rows are no documents any more; whole queries are asked of the index alone.
void Binder::note_command(const Command& command) {
  if (std::holds_alternative<From>(command.node) || std::holds_alternative<Where>(command.node) ||
      std::holds_alternative<Sort>(command.node)) {
    return;
  }
  if (moved_by_.empty()) moved_by_ = command.name;
  const bool cuts = std::holds_alternative<Limit>(command.node) || std::holds_alternative<Stats>(command.node);
  if (cuts && cut_by_.empty()) cut_by_ = command.name;
}

BoundPtr Binder::search_column(const Expression& e, plan::Expr filter) {
  const Attribute attribute = new_attribute(source_of(e), LogicalType::boolean);
  query_.sources.push_back({attribute.id, nullptr, {}, std::move(filter)});
  auto bound = make(e, Operation::attribute, LogicalType::boolean);
  bound->attribute = attribute.id;
  return bound;
}

bool Binder::check_search_options(const Expression& e, std::string_view function, const Map& options) {
  for (const MapEntry& option : options) {
    const bool known = std::ranges::any_of(
        kSearchOptions, [&](const SearchOption& row) { return row.function == function && row.name == option.key; });
    if (known && option.nested.empty()) continue;
    std::string names;
    for (const SearchOption& row : kSearchOptions) {
      if (row.function == function) names += (names.empty() ? "" : ", ") + std::string(row.name);
    }
    reporter_.error(codes::kValue, at(e), "Invalid option [" + option.key + "] in [" + source_of(e) + "]",
                    "options: " + names);
    return false;
  }
  return true;
}

/// A legal option with a value that is not supported.
BoundPtr Binder::refuse_option(const Expression& e, const MapEntry& option) {
  reporter_.error(codes::kNotSupported, at(e),
                  "[" + source_of(e) + "]: the option " + option.key + " = " + text_of(option) + " is not supported");
  return nullptr;
}

// ---- KQL, QSTR ------------------------------------------------------------------------------------------------------

BoundPtr Binder::bind_query_text(const Expression& e, const FunctionSignature& function, const Map& options,
                                 std::vector<BoundPtr> arguments) {
  if (!check_arguments(e, function, arguments) || !check_search_options(e, function.name, options)) return nullptr;
  const BoundPtr& argument = arguments.front();
  if (argument->constant.size() != 1 || !std::holds_alternative<std::string>(argument->constant.front())) {
    reporter_.error(
        codes::kConstantNeeded, at(e),
        "first argument of [" + source_of(e) + "] must be a constant string, received [" + argument->source + "]");
    return nullptr;
  }
  const auto& text = std::get<std::string>(argument->constant.front());
  kuery::Options kql;
  lucene::Options lucene{.default_field = {}, .empty_matches_all = false};
  for (const MapEntry& option : options) {
    const std::string value = text_of(option);
    if (option.key == "time_zone" && value != "UTC" && value != "Z") return refuse_option(e, option);
    if (option.key == "allow_leading_wildcard" && value != "true") return refuse_option(e, option);
    if (option.key == "default_field" && function.name == "kql" && value != "*") return refuse_option(e, option);
    if (option.key == "case_insensitive") kql.case_insensitive = value == "true";
    if (option.key == "default_field") lucene.default_field = value == "*" ? "" : value;
    if (option.key == "default_operator") lucene.all_terms = upper_ascii(value) == "AND";
  }
  // Places inside the text mean nothing in the query's: what is wrong is told at the function.
  Diagnostics inner;
  const Origin origin;
  Reporter reporter(text, origin, inner);
  auto filter = function.name == "kql" ? kuery::lower(text, schema_, kql, reporter)
                                       : lucene::lower(text, schema_, lucene, reporter);
  if (filter) return search_column(e, *std::move(filter));
  std::string why = "it cannot be read";
  const auto wrong = std::ranges::find(inner.all(), Diagnostic::Severity::error, &Diagnostic::severity);
  if (wrong != inner.all().end()) why = wrong->message;
  reporter_.error(
      codes::kPattern, argument->at,
      std::string("Invalid ") + (function.name == "kql" ? "KQL" : "query string") + " query [" + text + "]: " + why);
  return nullptr;
}

// ---- MATCH ----------------------------------------------------------------------------------------------------------

/// The field of the events that a column is, converted or not; null, and reported, if it is none.
event::ColumnRef Binder::searched_field(const Expression& e, std::string_view name, BoundPtr field) {
  if (field->operation == Operation::cast) field = field->operands.front();
  const auto* source = std::to_address(std::ranges::find(query_.sources, field->attribute, &SourceColumn::id));
  const bool is_source = field->operation == Operation::attribute &&
                         source != query_.sources.data() + query_.sources.size() && source->column;
  if (is_source && !field->source.starts_with('_')) return source->column;
  reporter_.error(
      codes::kSearch, at(e),
      title(name) + " cannot operate on [" + field->source + "], which is not a field from an index mapping");
  return nullptr;
}

std::optional<Binder::MatchOptions> Binder::read_match_options(const Expression& e, std::string_view function,
                                                               const Map& options) {
  MatchOptions match;
  match.phrase = function == "match_phrase";
  match.lenient = !match.phrase;
  if (!check_search_options(e, function, options)) return std::nullopt;
  for (const MapEntry& option : options) {
    const std::string value = text_of(option);
    bool fits = true;
    if (option.key == "operator") {
      match.all_terms = upper_ascii(value) == "AND";
      fits = match.all_terms || upper_ascii(value) == "OR";
    } else if (option.key == "fuzziness") {
      match.fuzziness = value;
      fits = value == "AUTO" || value == "0" || value == "1" || value == "2";
    } else if (option.key == "prefix_length") {
      const auto* whole = std::get_if<std::int64_t>(&option.value.value);
      fits = whole != nullptr && *whole >= 0;
      if (fits) match.prefix = *whole;
    } else if (option.key == "minimum_should_match") {
      match.all_terms = match.all_terms || value == "100%";
      fits = value == "1" || value == "100%";
    } else if (option.key == "lenient") {
      match.lenient = value == "true";
    } else if (option.key == "slop") {
      fits = value == "0";
    } else if (option.key == "analyzer") {
      fits = value == "standard";
    } else if (option.key == "zero_terms_query") {
      fits = upper_ascii(value) == "NONE";
    } else if (option.key == "fuzzy_transpositions") {
      fits = value == "true";
    }
    if (!fits) {
      refuse_option(e, option);
      return std::nullopt;
    }
  }
  return match;
}

/// Words that differ from `word` by as many edits as the option says, or the word itself.
plan::Expr Binder::word_test(const MatchOptions& options, const std::string& word, LogicalType type, LineColumn at) {
  std::int64_t edits = options.fuzziness.empty() ? 0 : std::atoi(options.fuzziness.c_str());
  if (options.fuzziness == "AUTO") {
    std::size_t length = 0;
    for (std::size_t i = 0; i < word.size(); ++length) (void)plan::next_code_point(word, i);
    edits = length < 3 ? 0 : length < 6 ? 1 : 2;
  }
  const auto wanted = plan::literal(word, LogicalType::keyword);
  if (edits == 0) {
    return plan::make(plan::Compare{plan::ComparisonOp::equal, plan::Domain::text, plan::element(type), wanted},
                      LogicalType::boolean, at);
  }
  return plan::make(plan::Call{plan::Function::within_edits,
                               {plan::element(type), wanted, plan::literal(edits, LogicalType::integer),
                                plan::literal(options.prefix, LogicalType::integer)}},
                    LogicalType::boolean, at);
}

BoundPtr Binder::bind_match(const Expression& e, std::string_view name, const Map& options, const BoundPtr& field,
                            const BoundPtr& wanted) {
  const auto match = read_match_options(e, name == "match_phrase" ? name : "match", options);
  if (!match) return nullptr;
  const auto column = searched_field(e, name, field);
  if (!column) return nullptr;
  const LogicalType type = column->type;
  if (!wanted->is_constant() || wanted->constant.size() != 1) {
    reporter_.error(
        codes::kConstantNeeded, at(e),
        wanted->is_null_constant()
            ? "second argument of [" + source_of(e) + "] cannot be null, received [null]"
            : "second argument of [" + source_of(e) + "] must be a constant, received [" + wanted->source + "]");
    return nullptr;
  }
  const Value& value = wanted->constant.front();
  const bool text_wanted = is_string(wanted->type);
  if (!text_wanted && !is_string(type) && !common_type(type, wanted->type)) {
    reporter_.error(codes::kArgumentType, at(e),
                    "second argument of [" + source_of(e) + "] must be [" + std::string(name_of(type)) +
                        "], found value [" + wanted->source + "] type [" + std::string(name_of(wanted->type)) + "]");
    return nullptr;
  }
  const auto* instant = std::get_if<std::int64_t>(&value);
  const std::int64_t divisor = wanted->type == LogicalType::date_nanos ? 1000 : 1;
  const std::string text =
      instant && is_date(wanted->type) ? format_iso_millis(Instant{floor_divide(*instant, divisor)}) : to_text(value);
  const bool fuzzy = !match->fuzziness.empty() && match->fuzziness != "0";
  const LineColumn place = at(e);
  if (type == LogicalType::text && !match->phrase && (fuzzy || match->all_terms)) {
    std::vector<plan::Expr> words;
    for (const std::string& token : plan::analyze(text)) {
      words.push_back(
          plan::make(plan::Exists{tokens_of(column, place), word_test(*match, token, LogicalType::text, place)},
                     LogicalType::boolean, place));
    }
    if (words.empty()) return search_column(e, plan::constant(false));
    return search_column(e, match->all_terms ? plan::all_of(std::move(words)) : plan::any_of(std::move(words)));
  }
  if (fuzzy && is_string(type)) {
    return search_column(
        e, plan::make(plan::Exists{plan::column(column, place), word_test(*match, text, LogicalType::keyword, place)},
                      LogicalType::boolean, place));
  }
  Diagnostics inner;
  const Origin origin;
  Reporter reporter(text, origin, inner);
  lang::FieldClauses clauses(schema_, reporter, {});
  lang::QueryValue query = lang::literal_value(text);
  query.quoted = match->phrase;
  auto filter = lang::to_expression(clauses.value(lang::literal_value(column->name), query));
  if (reporter.errors() == 0) return search_column(e, std::move(filter));
  const std::string problem = "Cannot convert string [" + text + "] to [" + upper_name(type) + "]";
  if (match->lenient) {
    reporter_.warning(codes::kWithoutEffect, wanted->at, problem + ": this matches nothing");
    return search_column(e, plan::constant(false));
  }
  reporter_.error(codes::kLiteral, wanted->at, problem);
  return nullptr;
}

BoundPtr Binder::bind_search(const Expression& e, const FunctionSignature& function, const Map& options,
                             std::vector<BoundPtr> arguments) {
  if (function.name == "kql" || function.name == "qstr") {
    if (!may_search(e, function.name)) return nullptr;
    return bind_query_text(e, function, options, std::move(arguments));
  }
  if (!check_arguments(e, function, arguments) || !may_search(e, function.name)) return nullptr;
  return bind_match(e, function.name, options, arguments[0], arguments[1]);
}

BoundPtr Binder::bind_node(const Expression& e, const MatchField& node) {
  auto field = bind(*node.field);
  auto constant = bind(*node.constant);
  if (!field || !constant || !may_search(e, ":")) return nullptr;
  return bind_match(e, ":", {}, field, constant);
}

}  // namespace trailhound::esql
