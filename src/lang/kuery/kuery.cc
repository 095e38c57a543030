#include "lang/kuery/kuery.h"

#include <string>
#include <utility>
#include <vector>

#include "lang/field_clauses.h"
#include "lang/kuery/parser.h"
#include "lang/query_codes.h"

namespace trailhound::kuery {

namespace {

using lang::Clause;
using plan::Expr;

class Lowering {
 public:
  Lowering(const lang::Fields& fields, const Options& options, lang::Reporter& reporter)
      : reporter_(reporter), clauses_(fields, reporter, {.case_insensitive = options.case_insensitive}) {}

  // Depth is bounded by the parser.
  Clause lower(const Node& node) {
    switch (node.kind) {
      case Node::Kind::everything:
        return lang::whole_clause(plan::constant(true));
      case Node::Kind::value:
        if (is_free_text(node)) return clauses_.anywhere(node.value);
        return clauses_.value(*node.field, node.value);
      case Node::Kind::compare:
        return clauses_.compare(*node.field, node.op, node.value);
      case Node::Kind::nested:
        return lower_nested(node);
      case Node::Kind::negation:
        return lang::whole_clause(plan::negate(lang::to_expression(lower(node.children.front()))));
      case Node::Kind::any:
        return lang::any_of_clauses(lower_all(node.children));
      case Node::Kind::all: {
        std::vector<Expr> operands;
        for (Clause& clause : lower_all(node.children)) operands.push_back(lang::to_expression(std::move(clause)));
        return lang::whole_clause(plan::all_of(std::move(operands)));
      }
    }
    return lang::whole_clause(plan::constant(false));
  }

 private:
  // An unquoted null as the field's name is Kibana's mark for no field.
  static bool is_free_text(const Node& node) {
    return node.field == nullptr || (node.field->kind == lang::QueryValue::Kind::null && !node.field->quoted);
  }

  std::vector<Clause> lower_all(const std::vector<Node>& nodes) {
    std::vector<Clause> clauses;
    clauses.reserve(nodes.size());
    for (const Node& node : nodes) clauses.push_back(lower(node));
    return clauses;
  }

  // No field of CloudTrail's documents is mapped as nested, and Elasticsearch refuses such a clause on other fields.
  Clause lower_nested(const Node& node) {
    const std::string path = node.field->text();
    if (clauses_.has_field_below(path)) {
      reporter_.error(lang::query_codes::kFieldType, node.at, path + " is not mapped as nested",
                      "write the fields with their full names, without braces");
    } else {
      reporter_.warning(lang::query_codes::kUnknownField, node.at,
                        "there is no field " + path + ": the clause never matches");
    }
    return lang::whole_clause(plan::constant(false));
  }

  lang::Reporter& reporter_;
  lang::FieldClauses clauses_;
};

}  // namespace

std::optional<Expr> lower(std::string_view text, const lang::Fields& fields, const Options& options,
                          lang::Reporter& reporter) {
  const std::size_t errors_before = reporter.errors();
  const std::optional<Node> query = parse(text, reporter);
  if (!query) return std::nullopt;
  Expr filter = lang::to_expression(Lowering(fields, options, reporter).lower(*query));
  if (reporter.errors() > errors_before) return std::nullopt;
  return filter;
}

}  // namespace trailhound::kuery
