#include "rule/elastic_clauses.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "lang/kuery/kuery.h"
#include "lang/lucene/lucene.h"
#include "lang/lucene_regex.h"

namespace trailhound::rule {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string escaped_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (std::string_view("\\():<>\"*{} ").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::size_t code_point_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Findings point at the value, as its text is built and not in the file.
lang::Origin origin_of(const Payload& where, std::string_view key) {
  const Node* node = where.find(key);
  lang::Origin origin;
  origin.file = where.rule().path;
  origin.rule = where.rule().rule;
  origin.key = where.path_of(key);
  origin.file_text = where.rule().file_text;
  origin.to_file = [at = node == nullptr ? where.node().at : node->at](LineColumn) { return at; };
  return origin;
}

// Folding goes no further than ASCII, as in Lucene's automata.
plan::Pattern::Fold fold_of(bool case_insensitive) {
  return case_insensitive ? plan::Pattern::Fold::ascii : plan::Pattern::Fold::none;
}

}  // namespace

std::optional<plan::Expr> ElasticClauses::equals(const Payload& where, std::string_view key, std::string_view field,
                                                 std::string_view value, bool case_insensitive) const {
  return kql(where, key, escaped_name(field) + ": " + in_quotes(value), case_insensitive);
}

std::optional<plan::Expr> ElasticClauses::equals_any(const Payload& where, std::string_view key, std::string_view field,
                                                     const std::vector<std::string>& values) const {
  constexpr std::size_t kAtOnce = 500;  // values of one query text
  std::vector<plan::Expr> parts;
  for (std::size_t begin = 0; begin < values.size(); begin += kAtOnce) {
    std::string text = escaped_name(field) + ": (";
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, values.size()); ++i) {
      text.append(i == begin ? "" : " or ").append(in_quotes(values[i]));
    }
    std::optional<plan::Expr> part = kql(where, key, text + ")", false);
    if (!part) return std::nullopt;
    parts.push_back(*std::move(part));
  }
  return plan::any_of(std::move(parts));
}

std::optional<plan::Expr> ElasticClauses::compares(const Payload& where, std::string_view key, std::string_view field,
                                                   std::string_view op, std::string_view value) const {
  return kql(where, key, escaped_name(field) + " " + std::string(op) + " " + in_quotes(value), false);
}

std::optional<plan::Expr> ElasticClauses::exists(const Payload& where, std::string_view key,
                                                 std::string_view field) const {
  return kql(where, key, escaped_name(field) + ": *", false);
}

std::optional<plan::Expr> ElasticClauses::wildcard(const Payload& where, std::string_view key, std::string_view field,
                                                   std::string_view pattern, bool case_insensitive) const {
  using Kind = plan::Pattern::Piece::Kind;
  std::vector<plan::Pattern::Piece> pieces;
  std::string text;
  const auto special = [&](Kind kind) {
    if (!text.empty()) pieces.push_back({Kind::literal, std::exchange(text, {})});
    pieces.push_back({kind, {}});
  };
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      special(Kind::any_run);
    } else if (pattern[i] == '?') {
      special(Kind::any_one);
    } else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
      const std::size_t length = code_point_length(pattern[i]);
      text += pattern.substr(i, length);
      i += length - 1;
    }
  }
  if (!text.empty()) pieces.push_back({Kind::literal, std::move(text)});
  return matches(where, key, field, plan::Pattern(std::move(pieces), fold_of(case_insensitive)));
}

std::optional<plan::Expr> ElasticClauses::prefix(const Payload& where, std::string_view key, std::string_view field,
                                                 std::string_view text, bool case_insensitive) const {
  using Kind = plan::Pattern::Piece::Kind;
  std::vector<plan::Pattern::Piece> pieces;
  if (!text.empty()) pieces.push_back({Kind::literal, std::string(text)});
  pieces.push_back({Kind::any_run, {}});
  return matches(where, key, field, plan::Pattern(std::move(pieces), fold_of(case_insensitive)));
}

std::optional<plan::Expr> ElasticClauses::kql(const Payload& where, std::string_view key, const std::string& text,
                                              bool case_insensitive) const {
  const lang::Origin origin = origin_of(where, key);
  lang::Reporter reporter(text, origin, *where.rule().diagnostics);
  return kuery::lower(text, *fields_, {.case_insensitive = case_insensitive}, reporter);
}

std::optional<plan::Expr> ElasticClauses::query_string(const Payload& where, std::string_view key,
                                                       std::string_view text, std::string_view default_field,
                                                       bool all_terms) const {
  const lang::Origin origin = origin_of(where, key);
  lang::Reporter reporter(text, origin, *where.rule().diagnostics);
  lucene::Options options{.default_field = {}, .empty_matches_all = false};
  if (default_field != "*") options.default_field = default_field;
  options.all_terms = all_terms;
  return lucene::lower(text, *fields_, options, reporter);
}

std::optional<plan::Expr> ElasticClauses::regular(const Payload& where, std::string_view key, std::string_view field,
                                                  std::string_view expression, bool case_insensitive) const {
  const auto letters = case_insensitive ? lang::Case::insensitive : lang::Case::sensitive;
  auto pattern = lang::lucene_regex(expression, letters);
  if (!pattern) {
    where.error("TH4111", key, pattern.error().what, pattern.error().hint);
    return std::nullopt;
  }
  return matches(where, key, field, *std::move(pattern));
}

std::optional<plan::Expr> ElasticClauses::matches(const Payload& where, std::string_view key, std::string_view field,
                                                  plan::Pattern pattern) const {
  const Result<event::ColumnRef> column = fields_->find(field);
  if (!column) {
    where.error("TH4110", key, column.error().what, column.error().hint);
    return std::nullopt;
  }
  const Node* node = where.find(key);
  const LineColumn at = node == nullptr ? where.node().at : node->at;
  plan::Expr test =
      plan::make(plan::Match{plan::element((*column)->type, at), std::move(pattern)}, plan::LogicalType::boolean, at);
  return plan::make(plan::Exists{plan::column(*column, at), std::move(test)}, plan::LogicalType::boolean, at);
}

}  // namespace trailhound::rule
