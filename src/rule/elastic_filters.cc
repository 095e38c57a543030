#include "rule/elastic_filters.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <utility>

namespace trailhound::rule {
namespace {

using Condition = std::optional<plan::Expr>;

class FilterReader {
 public:
  explicit FilterReader(const ElasticClauses& clauses) : clauses_(clauses) {}

  // A filter object: meta, and the query or, in old forms, the clause itself beside it.
  Condition read_filter(const Payload& filter, int depth) const {
    if (depth > kMaxDepth) return too_deep(filter);
    const Payload meta = filter.table("meta");
    Condition condition = read_body(filter, meta, depth);
    if (condition && meta.boolean("negate").value_or(false)) condition = plan::negate(*condition);
    return condition;
  }

  static bool is_disabled(const Payload& filter) { return filter.table("meta").boolean("disabled").value_or(false); }

 private:
  static constexpr int kMaxDepth = 32;

  Condition read_body(const Payload& filter, const Payload& meta, int depth) const {
    if (meta.text_or_texts("type") == std::vector<std::string>{"combined"}) return read_combined(meta, depth);
    if (filter.find("query") != nullptr) return read_clause(filter.table("query"), depth + 1);
    for (const NodeMember& member : filter.node().members) {
      if (member.key == "meta" || member.key.starts_with('$')) continue;
      return read_named(filter, member, depth + 1);
    }
    filter.error("TH4111", "", "the filter has no query", "query = { exists = { field = \"user.name\" } }");
    return std::nullopt;
  }

  Condition read_combined(const Payload& meta, int depth) const {
    std::vector<plan::Expr> parts;
    for (const Payload& part : meta.tables("params")) {
      if (is_disabled(part)) continue;
      Condition condition = read_filter(part, depth + 1);
      if (!condition) return std::nullopt;
      parts.push_back(*std::move(condition));
    }
    const bool either = meta.text("relation").value_or("AND") == "OR";
    return either ? plan::any_of(std::move(parts)) : plan::all_of(std::move(parts));
  }

  // { name: body }; several clauses in one table all hold.
  Condition read_clause(const Payload& table, int depth) const {
    if (depth > kMaxDepth) return too_deep(table);
    std::vector<plan::Expr> parts;
    for (const NodeMember& member : table.node().members) {
      Condition part = read_named(table, member, depth);
      if (!part) return std::nullopt;
      parts.push_back(*std::move(part));
    }
    return plan::all_of(std::move(parts));
  }

  Condition read_named(const Payload& table, const NodeMember& member, int depth) const {
    const std::string& name = member.key;
    if (name == "match_all") return plan::constant(true);
    if (name == "match_none") return plan::constant(false);
    if (!member.value.is(Node::Kind::table)) {
      table.wrong_type(name, "an object");
      return std::nullopt;
    }
    const Payload body = table.table(name);
    if (name == "bool") return read_bool(body, depth + 1);
    if (name == "exists") return read_exists(body);
    if (name == "query_string") return read_query_string(body);
    if (name == "constant_score") return read_clause(body.table("filter"), depth + 1);
    if (name == "range") return read_range(body);
    if (name == "terms") return read_terms(body);
    for (const std::string_view known :
         {"term", "match", "match_phrase", "wildcard", "prefix", "match_phrase_prefix", "regexp"}) {
      if (name == known) return read_value_clause(body, name);
    }
    table.error("TH4111", name, "filters with \"" + name + "\" are not supported",
                "bool, exists, term, terms, match_phrase, prefix, wildcard, regexp, range and query_string are");
    return std::nullopt;
  }

  // A list of clauses, or one.
  Condition read_list(const Payload& body, std::string_view key, bool either, int depth) const {
    std::vector<plan::Expr> parts;
    const Node* node = body.find(key);
    if (node != nullptr && node->is(Node::Kind::table)) {
      Condition one = read_clause(body.table(key), depth + 1);
      if (!one) return std::nullopt;
      return one;
    }
    for (const Payload& item : body.tables(key)) {
      Condition part = read_clause(item, depth + 1);
      if (!part) return std::nullopt;
      parts.push_back(*std::move(part));
    }
    return either ? plan::any_of(std::move(parts)) : plan::all_of(std::move(parts));
  }

  Condition read_bool(const Payload& body, int depth) const {
    if (depth > kMaxDepth) return too_deep(body);
    std::vector<plan::Expr> parts;
    for (const std::string_view key : {"must", "filter"}) {
      Condition all = read_list(body, key, false, depth);
      if (!all) return std::nullopt;
      parts.push_back(*std::move(all));
    }
    Condition none = read_list(body, "must_not", true, depth);
    if (!none) return std::nullopt;
    parts.push_back(plan::negate(*std::move(none)));
    const bool alone = body.find("must") == nullptr && body.find("filter") == nullptr;
    const std::int64_t least = body.integer("minimum_should_match").value_or(alone ? 1 : 0);
    if (least < 0) {
      body.error("TH4111", "minimum_should_match", "a negative minimum_should_match is not supported",
                 "say how many clauses must match");
      return std::nullopt;
    }
    const Node* should = body.find("should");
    const bool has_clauses = should != nullptr && (should->is(Node::Kind::table) || !should->items.empty());
    if (has_clauses && least > 0) {
      Condition enough = least == 1 ? read_list(body, "should", true, depth)
                                    : read_several(body, static_cast<std::size_t>(least), depth);
      if (!enough) return std::nullopt;
      parts.push_back(*std::move(enough));
    }
    return plan::all_of(std::move(parts));
  }

  // At least `least` of the clauses under `should`: one of all choices of that many.
  Condition read_several(const Payload& body, std::size_t least, int depth) const {
    std::vector<plan::Expr> clauses;
    for (const Payload& item : body.tables("should")) {
      Condition clause = read_clause(item, depth + 1);
      if (!clause) return std::nullopt;
      clauses.push_back(*std::move(clause));
    }
    constexpr std::size_t kMostClauses = 10;  // 252 choices at most
    if (clauses.size() > kMostClauses) {
      body.error("TH4111", "minimum_should_match", "a minimum_should_match above 1 needs at most 10 clauses");
      return std::nullopt;
    }
    if (least > clauses.size()) return plan::constant(false);
    std::vector<plan::Expr> choices;
    for (std::uint32_t choice = 0; choice < (1u << clauses.size()); ++choice) {
      if (static_cast<std::size_t>(std::popcount(choice)) != least) continue;
      std::vector<plan::Expr> chosen;
      for (std::size_t i = 0; i < clauses.size(); ++i) {
        if ((choice >> i & 1u) != 0) chosen.push_back(clauses[i]);
      }
      choices.push_back(plan::all_of(std::move(chosen)));
    }
    return plan::any_of(std::move(choices));
  }

  Condition read_exists(const Payload& body) const {
    const std::optional<std::string> field = body.text("field");
    if (!field) {
      body.error("TH4101", "field", "an exists filter needs a field");
      return std::nullopt;
    }
    return clauses_.exists(body, "field", *field);
  }

  // The words of each field in `fields`, or of `default_field`, or of all.
  Condition read_query_string(const Payload& body) const {
    const std::string text = body.text("query").value_or("");
    const std::string joined = body.text("default_operator").value_or("or");
    const bool all_terms = joined == "and" || joined == "AND";
    std::vector<std::string> fields = body.text_or_texts("fields");
    if (fields.empty()) fields.push_back(body.text("default_field").value_or("*"));
    std::vector<plan::Expr> parts;
    for (const std::string& field : fields) {
      const std::string name = field.substr(0, field.find('^'));  // a boost changes scores, not matches
      Condition part = clauses_.query_string(body, "query", text, name, all_terms);
      if (!part) return std::nullopt;
      parts.push_back(*std::move(part));
    }
    return plan::any_of(std::move(parts));
  }

  // { field: { gte: 1, lt: 5 } }
  Condition read_range(const Payload& body) const {
    static constexpr std::pair<std::string_view, std::string_view> kBounds[] = {
        {"gt", ">"}, {"gte", ">="}, {"lt", "<"}, {"lte", "<="}};
    std::vector<plan::Expr> parts;
    for (const NodeMember& member : body.node().members) {
      if (member.key == "boost") continue;
      const Payload bounds = body.table(member.key);
      for (const auto& [key, op] : kBounds) {
        const std::optional<std::string> bound = bounds.text(key);
        if (!bound) continue;
        Condition part = clauses_.compares(bounds, key, member.key, op, *bound);
        if (!part) return std::nullopt;
        parts.push_back(*std::move(part));
      }
    }
    if (parts.empty()) {
      body.error("TH4111", "", "the range has no bound", "gt, gte, lt or lte");
      return std::nullopt;
    }
    return plan::all_of(std::move(parts));
  }

  // { field: [values] }
  Condition read_terms(const Payload& body) const {
    std::vector<plan::Expr> parts;
    for (const NodeMember& member : body.node().members) {
      if (member.key == "boost") continue;
      for (const std::string& value : body.texts(member.key)) {
        Condition part = clauses_.equals(body, member.key, member.key, value);
        if (!part) return std::nullopt;
        parts.push_back(*std::move(part));
      }
    }
    return plan::any_of(std::move(parts));
  }

  // { field: value } or { field: { value | query | wildcard: value, case_insensitive } }
  Condition read_value_clause(const Payload& body, std::string_view name) const {
    std::vector<plan::Expr> parts;
    for (const NodeMember& member : body.node().members) {
      std::optional<std::string> value;
      bool case_insensitive = false;
      if (member.value.is(Node::Kind::table)) {
        const Payload details = body.table(member.key);
        for (const std::string_view key : {"value", "query", "wildcard"}) {
          if (!value) value = details.text(key);
        }
        case_insensitive = details.boolean("case_insensitive").value_or(false);
      } else {
        value = body.text(member.key);
      }
      if (!value) {
        body.error("TH4111", member.key, "the filter \"" + std::string(name) + "\" has no value");
        return std::nullopt;
      }
      Condition part;
      if (name == "wildcard") {
        part = clauses_.wildcard(body, member.key, member.key, *value, case_insensitive);
      } else if (name == "regexp") {
        part = clauses_.regular(body, member.key, member.key, *value, case_insensitive);
      } else if (name == "prefix" || name == "match_phrase_prefix") {
        part = clauses_.prefix(body, member.key, member.key, *value, case_insensitive);
      } else {
        part = clauses_.equals(body, member.key, member.key, *value, case_insensitive);
      }
      if (!part) return std::nullopt;
      parts.push_back(*std::move(part));
    }
    return plan::all_of(std::move(parts));
  }

  static Condition too_deep(const Payload& at) {
    at.error("TH4111", "", "the filter is nested too deep");
    return std::nullopt;
  }

  const ElasticClauses& clauses_;
};

}  // namespace

std::vector<plan::Expr> read_filters(const Payload& rule, std::string_view key, const ElasticClauses& clauses) {
  const FilterReader reader(clauses);
  std::vector<plan::Expr> conditions;
  for (const Payload& filter : rule.tables(key)) {
    if (FilterReader::is_disabled(filter)) continue;
    if (Condition condition = reader.read_filter(filter, 0)) conditions.push_back(*std::move(condition));
  }
  return conditions;
}

}  // namespace trailhound::rule
