// The commands of the grammar, one function each.

#include <algorithm>
#include <array>
#include <utility>

#include "base/ascii.h"
#include "lang/esql/codes.h"
#include "lang/esql/parser_state.h"

namespace trailhound::esql {
namespace {

constexpr std::array<std::string_view, 26> kCommands = {
    "where",      "eval",       "keep",        "drop",   "rename",       "stats",      "inline",    "inlinestats",
    "sort",       "limit",      "grok",        "fork",   "fuse",         "dissect",    "dedup",     "rerank",
    "mv_expand",  "enrich",     "lookup join", "sample", "change_point", "completion", "uri_parts", "registered_domain",
    "user_agent", "ip_location"};

}  // namespace

bool Parser::parse_source(Command& out) {
  const std::string word = lower_ascii(token_.text);
  out.name = upper_ascii(word);
  if (at_word("from") || at_word("ts")) {
    From from;
    from.time_series = at_word("ts");
    advance(Mode::source);
    if (!parse_from(from)) return false;
    out.node = std::move(from);
    return true;
  }
  if (take_word("row")) {
    Row row;
    if (!parse_fields(row.fields, FieldsOf::row)) return false;
    out.node = std::move(row);
    return true;
  }
  if (take_word("show")) {
    if (!expect_word("info")) return false;
    out.node = Show{"INFO"};
    return true;
  }
  if (at_word("promql") || at_word("explain")) {
    skip_to_pipe(false);
    out.node = Opaque{out.name};
    return true;
  }
  return fail_expecting("FROM or another source command");
}

bool Parser::parse_from(From& out) {
  do {
    SourceItem item;
    if (!parse_source_item(item)) return false;
    out.items.push_back(std::move(item));
  } while (take(TokenKind::comma, Mode::source));
  if (at_word("metadata")) {
    advance();
    return parse_names(out.metadata);
  }
  // What follows the list belongs to the expression mode again.
  set_mode(Mode::expression);
  return true;
}

bool Parser::parse_source_item(SourceItem& out) {
  out.begin = token_.begin;
  if (at(TokenKind::left_parenthesis)) {
    advance();
    out.query = std::make_unique<Pipeline>();
    if (!parse_pipeline(*out.query, true, true)) return false;
    return expect(TokenKind::right_parenthesis, Mode::source);
  }
  const auto read = [this](std::string& text) {
    if (!at(TokenKind::source) && !at(TokenKind::string)) return fail_expecting("an index pattern");
    text = at(TokenKind::string) ? token_.value : std::string(token_.text);
    advance(Mode::source);
    return true;
  };
  if (!read(out.pattern)) return false;
  if (take(TokenKind::colon, Mode::source)) {
    out.cluster = std::move(out.pattern);
    if (!read(out.pattern)) return false;
  }
  if (take(TokenKind::cast, Mode::source)) return read(out.selector);
  return true;
}

bool Parser::parse_command(Command& out) {
  if (!at(TokenKind::identifier)) return fail_expecting("a command");
  std::string word = lower_ascii(token_.text);
  const Mark start = mark();
  advance();
  if (word == "inline" && take_word("stats")) word = "inlinestats";
  out.name = word == "inlinestats" ? "INLINE STATS" : upper_ascii(word);

  if (word == "where") {
    Where where{parse_boolean()};
    if (!where.condition) return false;
    out.node = std::move(where);
  } else if (word == "eval") {
    Eval eval;
    if (!parse_fields(eval.fields, FieldsOf::row)) return false;
    out.node = std::move(eval);
  } else if (word == "keep" || word == "drop") {
    set_mode(Mode::pattern);
    std::vector<NamePattern> patterns;
    if (!parse_patterns(patterns)) return false;
    if (word == "keep") {
      out.node = Keep{std::move(patterns)};
    } else {
      out.node = Drop{std::move(patterns)};
    }
  } else if (word == "rename") {
    set_mode(Mode::pattern);
    Rename rename;
    if (!parse_rename(rename)) return false;
    out.node = std::move(rename);
  } else if (word == "stats" || word == "inlinestats") {
    Stats stats;
    stats.keeps_rows = word == "inlinestats";
    if (!parse_stats(stats)) return false;
    out.node = std::move(stats);
  } else if (word == "sort") {
    Sort sort;
    if (!parse_sort(sort)) return false;
    out.node = std::move(sort);
  } else if (word == "limit") {
    Limit limit;
    limit.count = parse_operand();
    if (!limit.count) return false;
    if (take_word("by") && !parse_expressions(limit.keys)) return false;
    out.node = std::move(limit);
  } else {
    const std::size_t errors = reporter_.errors();
    if (parse_rare_command(out, word)) return true;
    if (reporter_.errors() > errors) return false;
    reset(start);
    const std::string nearest = nearest_name(word, {kCommands.begin(), kCommands.end()});
    return fail_at(token_.begin, codes::kSyntax, "'" + std::string(token_.text) + "' is no command of ES|QL",
                   nearest.empty() ? "" : "did you mean " + upper_ascii(nearest) + "?");
  }
  return true;
}

/// Commands that few rules use. False without an error: no such command.
bool Parser::parse_rare_command(Command& out, const std::string& word) {
  const auto parsed = [&out](bool ok, auto node) {
    if (ok) out.node = std::move(node);
    return ok;
  };
  if (word == "dissect") {
    Dissect dissect;
    const bool ok = parse_dissect(dissect);
    return parsed(ok, std::move(dissect));
  }
  if (word == "grok") {
    Grok grok;
    const bool ok = parse_grok(grok);
    return parsed(ok, std::move(grok));
  }
  if (word == "mv_expand") {
    MvExpand expand;
    const bool ok = parse_name(expand.column);
    return parsed(ok, std::move(expand));
  }
  if (word == "enrich") {
    Enrich enrich;
    const bool ok = parse_enrich(enrich);
    return parsed(ok, std::move(enrich));
  }
  if (word == "lookup" && at_word("join")) {
    out.name = "LOOKUP JOIN";
    LookupJoin join;
    const bool ok = parse_lookup_join(join);
    return parsed(ok, std::move(join));
  }
  if (word == "sample") {
    Sample sample{parse_operand()};
    const bool ok = sample.probability != nullptr;
    return parsed(ok, std::move(sample));
  }
  if (word == "change_point") {
    ChangePoint point;
    const bool ok = parse_change_point(point);
    return parsed(ok, std::move(point));
  }
  if (word == "fork") {
    Fork fork;
    const bool ok = parse_fork(fork);
    return parsed(ok, std::move(fork));
  }
  if (word == "fuse") {
    Fuse fuse;
    const bool ok = parse_fuse(fuse);
    return parsed(ok, std::move(fuse));
  }
  if (word == "dedup" || word == "distinct") return parsed(true, Dedup{});
  if (word == "completion") {
    Completion completion;
    const bool ok = parse_completion(completion);
    return parsed(ok, std::move(completion));
  }
  if (word == "rerank") {
    Rerank rerank;
    const bool ok = parse_rerank(rerank);
    return parsed(ok, std::move(rerank));
  }
  if (word == "uri_parts" || word == "registered_domain" || word == "user_agent" || word == "ip_location") {
    Extract extract;
    extract.command = word;
    if (!parse_name(extract.prefix) || !expect(TokenKind::assign)) return false;
    extract.input = parse_operand();
    const bool ok = extract.input && parse_optional_map(extract.options, word == "ip_location" || word == "user_agent");
    return parsed(ok, std::move(extract));
  }
  if (word == "mmr" || word == "ts_info" || word == "metrics_info" || word == "ts_collapse" || word == "highlight" ||
      word == "fillnull") {
    skip_to_pipe(true);
    return parsed(true, Opaque{upper_ascii(word)});
  }
  return false;
}

bool Parser::parse_stats(Stats& out) {
  const bool may_have_none = !out.keeps_rows;  // STATS BY x; INLINE STATS adds something
  if (!(may_have_none && at_word("by")) && !parse_fields(out.aggregates, FieldsOf::aggregates)) return false;
  if (take_word("by")) return parse_fields(out.keys, FieldsOf::keys);
  return true;
}

bool Parser::parse_sort(Sort& out) {
  do {
    Sort::Item item;
    item.key = parse_boolean();
    if (!item.key) return false;
    if (take_word("desc")) {
      item.descending = true;
    } else {
      (void)take_word("asc");
    }
    item.nulls_first = item.descending;  // nulls count as largest
    if (take_word("nulls")) {
      item.nulls_given = true;
      item.nulls_first = at_word("first");
      if (!take_word("first") && !take_word("last")) return fail_expecting("FIRST or LAST");
    }
    out.items.push_back(std::move(item));
  } while (take(TokenKind::comma));
  return true;
}

bool Parser::parse_rename(Rename& out) {
  do {
    Rename::Pair pair;
    NamePattern left;
    if (!parse_pattern(left)) return false;
    if (take_word("as", Mode::pattern)) {
      pair.from = std::move(left);
      if (!parse_pattern(pair.to)) return false;
    } else if (take(TokenKind::assign, Mode::pattern)) {
      pair.to = std::move(left);
      if (!parse_pattern(pair.from)) return false;
    } else {
      return fail_expecting("AS");
    }
    out.pairs.push_back(std::move(pair));
  } while (take(TokenKind::comma, Mode::pattern));
  return true;
}

bool Parser::parse_dissect(Dissect& out) {
  out.input = parse_operand();
  if (!out.input || !parse_string(out.pattern, out.pattern_at)) return false;
  while (at(TokenKind::identifier) || at(TokenKind::comma)) {
    if (!out.options.empty() && !expect(TokenKind::comma)) return false;
    Name name;
    if (!parse_name(name) || !expect(TokenKind::assign)) return false;
    auto value = parse_literal();
    if (!value) return false;
    out.options.emplace_back(std::move(name), *std::move(value));
  }
  return true;
}

bool Parser::parse_grok(Grok& out) {
  out.input = parse_operand();
  if (!out.input) return false;
  do {
    std::string pattern;
    std::size_t at_offset = 0;
    if (!parse_string(pattern, at_offset)) return false;
    out.patterns.push_back(std::move(pattern));
    out.patterns_at.push_back(at_offset);
  } while (take(TokenKind::comma));
  return true;
}

bool Parser::parse_enrich(Enrich& out) {
  set_mode(Mode::source);
  if (!at(TokenKind::source) && !at(TokenKind::string)) return fail_expecting("a policy name");
  out.policy = std::string(token_.text);
  advance(Mode::source);
  if (take(TokenKind::colon, Mode::source)) {
    out.policy += ":" + std::string(token_.text);
    if (!expect(TokenKind::source, Mode::source)) return false;
  }
  set_mode(Mode::pattern);
  if (take_word("on", Mode::pattern)) {
    NamePattern match;
    if (!parse_pattern(match)) return false;
    out.match.push_back(std::move(match));
  }
  if (!take_word("with", Mode::pattern)) return true;
  do {
    NamePattern first;
    if (!parse_pattern(first)) return false;
    if (take(TokenKind::assign, Mode::pattern)) {
      NamePattern from;
      if (!parse_pattern(from)) return false;
      out.fields.push_back({std::move(from), std::move(first)});
    } else {
      out.fields.push_back({first, first});
    }
  } while (take(TokenKind::comma, Mode::pattern));
  return true;
}

bool Parser::parse_lookup_join(LookupJoin& out) {
  advance(Mode::source);
  if (!at(TokenKind::source) && !at(TokenKind::string)) return fail_expecting("the name of a lookup index");
  out.index = at(TokenKind::string) ? token_.value : std::string(token_.text);
  advance();
  if (take_word("as") || !at_word("on")) {
    Name name;
    if (!parse_name(name)) return false;
    out.qualifier = std::move(name.text);
  }
  return expect_word("on") && parse_expressions(out.conditions);
}

bool Parser::parse_change_point(ChangePoint& out) {
  if (!parse_name(out.value)) return false;
  if (take_word("on")) {
    Name key;
    if (!parse_name(key)) return false;
    out.key.push_back(std::move(key));
  }
  if (take_word("as")) {
    Name type;
    Name probability;
    if (!parse_name(type) || !expect(TokenKind::comma) || !parse_name(probability)) return false;
    out.targets = {std::move(type), std::move(probability)};
  }
  return !take_word("by") || parse_expressions(out.groups);
}

bool Parser::parse_fork(Fork& out) {
  if (!at(TokenKind::left_parenthesis)) return fail_expecting("'(' and a branch");
  while (take(TokenKind::left_parenthesis)) {
    auto branch = std::make_unique<Pipeline>();
    if (!parse_pipeline(*branch, false, true) || !expect(TokenKind::right_parenthesis)) return false;
    out.branches.push_back(std::move(branch));
  }
  return true;
}

bool Parser::parse_fuse(Fuse& out) {
  const auto introduces = [this](std::string_view word) { return at_word(word) && second().is_word("by"); };
  if (at(TokenKind::identifier) && !introduces("score") && !introduces("key") && !introduces("group") &&
      !at_word("with")) {
    out.method = lower_ascii(token_.text);
    advance();
  }
  while (at(TokenKind::identifier)) {
    Name name;
    if (introduces("score") || introduces("group")) {
      auto& list = at_word("score") ? out.score : out.group;
      advance();
      advance();
      if (!parse_name(name)) return false;
      list.push_back(std::move(name));
    } else if (introduces("key")) {
      advance();
      advance();
      if (!parse_names(out.keys)) return false;
    } else if (at_word("with")) {
      if (!parse_optional_map(out.options)) return false;
    } else {
      return fail_expecting("SCORE BY, KEY BY, GROUP BY or WITH");
    }
  }
  return true;
}

bool Parser::parse_completion(Completion& out) {
  if (auto target = try_assignment()) out.target = *std::move(target);
  out.prompt = parse_operand();
  return out.prompt && parse_optional_map(out.options);
}

bool Parser::parse_rerank(Rerank& out) {
  if (auto target = try_assignment()) out.target = *std::move(target);
  out.query = parse_operand();
  if (!out.query || !expect_word("on") || !parse_fields(out.fields, FieldsOf::row)) return false;
  return parse_optional_map(out.options);
}

}  // namespace trailhound::esql
