#include "lang/esql/binder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/overloaded.h"
#include "base/version.h"
#include "lang/esql/binder_state.h"
#include "lang/esql/codes.h"

namespace trailhound::esql {
namespace {

struct MetadataField {
  std::string_view name;
  LogicalType type;
};
constexpr std::array<MetadataField, 10> kMetadata = {{{"_id", LogicalType::keyword},
                                                      {"_index", LogicalType::keyword},
                                                      {"_version", LogicalType::long_integer},
                                                      {"_source", LogicalType::keyword},
                                                      {"_score", LogicalType::real},
                                                      {"_ignored", LogicalType::keyword},
                                                      {"_index_mode", LogicalType::keyword},
                                                      {"_size", LogicalType::integer},
                                                      {"_tier", LogicalType::keyword},
                                                      {"_tsid", LogicalType::keyword}}};
/// The one name of the index that all events are read from.
constexpr std::string_view kIndexName = "logs-aws.cloudtrail-default";
/// How many columns SET unmapped_fields = "nullify" adds to ROW or a table: each costs a look at the whole query.
constexpr std::size_t kMaxNulls = 200;

/// The columns that the query uses although its source lacks them, in the order of their first use. A column that the
/// source gets may be missing again further on, so each is found by binding anew.
std::vector<std::string> missing_columns(std::string_view text, const Query& query, const Schema& schema) {
  std::vector<std::string> missing;
  while (missing.size() < kMaxNulls) {
    Diagnostics unread;
    const Origin origin;
    Reporter reporter(text, origin, unread);
    Binder binder(text, schema, reporter, missing);
    (void)binder.bind_query(query);
    if (!binder.missing()) break;
    missing.push_back(*binder.missing());
  }
  return missing;
}

bool nullifies(const Query& query) {
  return std::ranges::any_of(query.settings, [](const Setting& setting) {
    const auto* text = std::get_if<std::string>(&setting.value.value);
    return setting.name.text == "unmapped_fields" && text && *text == "nullify";
  });
}

}  // namespace

std::optional<BoundQuery> bind(std::string_view text, const Query& query, const Schema& schema, Reporter& reporter) {
  const std::size_t errors = reporter.errors();
  auto missing = nullifies(query) ? missing_columns(text, query, schema) : std::vector<std::string>();
  BoundQuery bound = Binder(text, schema, reporter, std::move(missing)).bind_query(query);
  if (reporter.errors() > errors) return std::nullopt;
  return bound;
}

BoundQuery Binder::bind_query(const Query& query) {
  for (const Setting& setting : query.settings) bind_setting(setting);
  for (const Command& command : query.pipeline.commands) {
    bind_command(command);
    if (&command == &query.pipeline.commands.front()) add_nulls(command);
  }
  query_.columns = scope_.columns();
  return std::move(query_);
}

void Binder::bind_setting(const Setting& setting) {
  const auto* text = std::get_if<std::string>(&setting.value.value);
  if (setting.name.text == "time_zone" && text) {
    const bool known = check_time_zone(*text, lexer_.position(setting.name.begin));
    if (known && *text != "UTC" && *text != "Z") query_.time_zone = *text;
    return;
  }
  if (setting.name.text == "unmapped_fields" && text && (*text == "nullify" || *text == "default")) {
    nullify_unknown_ = *text == "nullify";
    return;
  }
  const std::string value = text ? " = \"" + *text + "\"" : "";
  reporter_.error(codes::kNotSupported, lexer_.position(setting.name.begin),
                  "the setting " + setting.name.text + value + " is not supported",
                  "unmapped_fields = \"nullify\" and time_zone = \"Europe/Berlin\" are");
}

void Binder::bind_command(const Command& command) {
  place_ = Place::row;
  BoundStep step;
  step.name = command.name;
  step.at = lexer_.position(command.begin);
  step.source = lexer_.text().substr(command.begin, command.end - command.begin);
  const bool keeps_step = std::visit(Overloaded{[&](const From& c) { return bind_from(c, step); },
                                                [&](const Row& c) { return bind_row(c, step), true; },
                                                [&](const Show& c) { return bind_show(c, step), true; },
                                                [&](const Where& c) { return bind_where(c, step), true; },
                                                [&](const Eval& c) { return bind_eval(c.fields, step), true; },
                                                [&](const Keep& c) { return bind_keep(c), false; },
                                                [&](const Drop& c) { return bind_drop(c), false; },
                                                [&](const Rename& c) { return bind_rename(c), false; },
                                                [&](const Stats& c) { return bind_stats(c, step), true; },
                                                [&](const Sort& c) { return bind_sort(c, step), true; },
                                                [&](const Limit& c) { return bind_limit(c, step), true; },
                                                [&](const MvExpand& c) { return bind_expand(c, step), true; },
                                                [&](const Dedup&) { return bind_dedup(step), true; },
                                                [&](const Sample& c) { return bind_sample(c, step), true; },
                                                [&](const Extract& c) { return bind_parts(c, step), true; },
                                                [&](const Dissect& c) { return bind_dissect(c, step), true; },
                                                [&](const Grok& c) { return bind_grok(c, step), true; },
                                                [&](const LookupJoin& c) { return bind_lookup_join(c, step), true; },
                                                [&](const Enrich& c) { return bind_enrich(c, step), true; },
                                                [&](const auto&) {
                                                  step.node = BoundOther{};
                                                  bind_new_columns(command);
                                                  return true;
                                                }},
                                     command.node);
  note_command(command);
  if (keeps_step) query_.steps.push_back(std::move(step));
}

// ---- sources --------------------------------------------------------------------------------------------------------

Attribute Binder::new_attribute(std::string name, LogicalType type) { return {next_++, std::move(name), type}; }

void Binder::add_source(Attribute attribute, event::ColumnRef column, Value constant) {
  query_.sources.push_back({attribute.id, std::move(column), std::move(constant)});
  scope_.define(std::move(attribute));
}

/// The source's columns and behind them, each null in every row, those that it lacks.
void Binder::add_nulls(const Command& source) {
  for (const auto& column : scope_.columns()) source_columns_.insert(column.name);
  if (nulls_.empty()) return;
  BoundEval eval;
  for (auto& name : nulls_) {
    source_columns_.insert(name);
    auto value = std::make_shared<Bound>();
    value->at = lexer_.position(source.begin);
    eval.assignments.push_back({new_attribute(std::move(name), LogicalType::null), std::move(value)});
    scope_.define(eval.assignments.back().target);
  }
  query_.steps.push_back({.node = std::move(eval), .name = "EVAL", .at = lexer_.position(source.begin), .source = {}});
}

/// Whether the step is one: the events themselves are no command.
bool Binder::bind_from(const From& from, BoundStep& step) {
  if (from.table) {
    BoundTable bound;
    for (const auto& column : *from.table) {
      bound.columns.push_back(new_attribute(column.name, column.type));
      scope_.append(bound.columns.back());
    }
    step.node = std::move(bound);
    return true;
  }
  if (from.time_series) {
    reporter_.error(codes::kNotSupported, {1, 1}, "TS (metrics) is not supported: events come from FROM");
  }
  for (const auto& item : from.items) {
    if (item.query) {
      reporter_.error(codes::kNotSupported, lexer_.position(item.begin), "sub-queries in FROM are not supported yet");
    }
  }
  open_ = true;
  for (const auto name : schema_.names()) {
    auto column = schema_.find(name);
    if (!column) continue;
    Attribute attribute = new_attribute(std::string(name), (*column)->type);
    query_.sources.push_back({attribute.id, *std::move(column), {}});
    scope_.append(std::move(attribute));  // there are hundreds, each with a name of its own: nothing to replace
  }
  for (const auto& name : from.metadata) {
    const auto* field = std::ranges::find(kMetadata, name.text, &MetadataField::name);
    if (field == kMetadata.end()) {
      reporter_.error(codes::kMetadata, lexer_.position(name.begin), "unsupported metadata field [" + name.text + "]",
                      "rules use _id, _index and _version");
      continue;
    }
    event::ColumnRef column;
    Value constant;
    if (name.text == "_id") {
      if (auto id = schema_.document_id()) column = *id;
    } else if (name.text == "_source") {
      column = schema_.document();
    } else if (name.text == "_index") {
      column = schema_.index_name();
      if (!column) constant = std::string(kIndexName);
    } else if (name.text == "_version") {
      constant = std::int64_t{1};
    }
    add_source(new_attribute(name.text, field->type), std::move(column), std::move(constant));
  }
  return false;
}

void Binder::bind_row(const Row& row, BoundStep& step) {
  BoundRow bound;
  for (const auto& field : row.fields) {
    // Fields do not see each other.
    auto value = bind(*field.value);
    if (value && is_span(value->type)) {
      reporter_.error(codes::kColumnType, at(*field.value),
                      "cannot use [" + source_of(*field.value) + "] directly in a row assignment");
      value = nullptr;
    }
    Attribute target = new_attribute(field.name, value ? without_text(value->type) : LogicalType::null);
    known_.define(target.id, value);
    bound.assignments.push_back({std::move(target), std::move(value)});
  }
  for (const auto& assignment : bound.assignments) scope_.define(assignment.target);
  step.node = std::move(bound);
}

/// SHOW INFO: version, date and hash of this program.
void Binder::bind_show(const Show& show, BoundStep& step) {
  if (show.what != "INFO") {
    reporter_.error(codes::kNotSupported, step.at, "SHOW " + show.what + " is not supported", "SHOW INFO is");
    return;
  }
  BoundRow bound;
  using Text = std::pair<const char*, std::string_view>;
  for (const auto& [name, text] : {Text{"version", kVersion}, Text{"date", ""}, Text{"hash", ""}}) {
    auto value = std::make_shared<Bound>();
    value->type = LogicalType::keyword;
    value->constant = {std::string(text)};
    value->at = step.at;
    Attribute target = new_attribute(name, LogicalType::keyword);
    scope_.define(target);
    bound.assignments.push_back({std::move(target), std::move(value)});
  }
  step.node = std::move(bound);
}

// ---- names ----------------------------------------------------------------------------------------------------------

const Attribute* Binder::resolve_open(const std::string& name) {
  if (!open_ || gone_.contains(name)) return nullptr;
  if (const auto known = open_columns_.find(name); known != open_columns_.end()) return &known->second;
  auto column = schema_.find(name);
  if (!column) return nullptr;
  Attribute attribute = new_attribute(name, (*column)->type);
  query_.sources.push_back({attribute.id, *column, {}});
  return &open_columns_.emplace(name, std::move(attribute)).first->second;
}

const Attribute* Binder::resolve(const std::string& name, std::size_t begin) {
  if (const auto* attribute = scope_.find(name)) return attribute;
  if (const auto* attribute = resolve_open(name)) return attribute;
  if (nullify_unknown_ && open_) {
    // A field that nothing maps: null in every row.
    Attribute attribute = new_attribute(name, LogicalType::null);
    query_.sources.push_back({attribute.id, nullptr, {}});
    return &open_columns_.emplace(name, std::move(attribute)).first->second;
  }
  if (!missing_ && !source_columns_.contains(name)) missing_ = name;
  std::string hint;
  if (reporter_.is_full()) return nullptr;
  std::string candidate;
  if (const std::string nearest = scope_.nearest(name); !nearest.empty())
    candidate = ", did you mean [" + nearest + "]?";
  if (!open_ && candidate.empty() && schema_.find(name)) {
    hint = "the field exists, but an earlier STATS, KEEP or DROP left it out";
  }
  reporter_.error(codes::kUnknownColumn, lexer_.position(begin), "Unknown column [" + name + "]" + candidate,
                  std::move(hint));
  return nullptr;
}

// ---- WHERE, EVAL ----------------------------------------------------------------------------------------------------

BoundPtr Binder::bind_condition(const Expression& expression) {
  auto condition = bind(expression);
  if (!condition) return nullptr;
  if (condition->type == LogicalType::boolean || condition->type == LogicalType::null) return condition;
  reporter_.error(codes::kConditionType, at(expression),
                  "Condition expression needs to be boolean, found [" + upper_name(condition->type) + "]");
  return nullptr;
}

void Binder::bind_where(const Where& where, BoundStep& step) {
  searches_ = true;
  step.node = BoundFilter{bind_condition(*where.condition)};
  searches_ = false;
}

void Binder::bind_eval(const std::vector<Field>& fields, BoundStep& step) {
  BoundEval eval;
  for (const auto& field : fields) {
    auto value = bind(*field.value);
    if (value && is_span(value->type)) {
      reporter_.error(codes::kColumnType, lexer_.position(field.name_at),
                      "EVAL does not support type [" + std::string(name_of(value->type)) + "] of expression [" +
                          source_of(*field.value) + "]");
      value = nullptr;
    }
    if (scope_.columns().size() >= kMaxColumns) {
      reporter_.error(codes::kTooComplex, at(*field.value),
                      "the query makes more than " + std::to_string(kMaxColumns) + " columns");
      break;
    }
    Attribute target = new_attribute(field.name, value ? without_text(value->type) : LogicalType::null);
    scope_.define(target);
    known_.define(target.id, value);
    if (const auto origin = origin_of(value)) copies_.emplace(target.id, *origin);
    eval.assignments.push_back({std::move(target), std::move(value)});
  }
  step.node = std::move(eval);
}

// ---- KEEP, DROP, RENAME ---------------------------------------------------------------------------------------------

/// Whether the pattern names something; brings an open column into sight that is named exactly.
bool Binder::resolve_pattern(const NamePattern& pattern, bool in_keep) {
  if (scope_.matches_any(pattern)) return true;
  if (pattern.has_star()) {
    if (pattern.is_star_alone()) return true;
    reporter_.error(codes::kRename, lexer_.position(pattern.begin),
                    "No matches found for pattern [" + pattern.text() + "]");
    return false;
  }
  const auto* attribute = resolve(pattern.text(), pattern.begin);
  if (attribute && in_keep) scope_.append(*attribute);
  return attribute != nullptr;
}

void Binder::bind_keep(const Keep& keep) {
  bool failed = false;
  bool starred = false;
  for (const auto& pattern : keep.patterns) {
    if (pattern.is_star_alone() && std::exchange(starred, true)) {
      reporter_.error(codes::kRename, lexer_.position(pattern.begin), "Cannot specify [*] more than once");
    }
    failed |= !resolve_pattern(pattern, true);
  }
  // After an error the columns stay, lest every later command complains about them.
  if (!failed) scope_.keep(keep.patterns);
  open_ = false;
}

/// The patterns name columns as they were before the command: naming one twice does no harm.
void Binder::bind_drop(const Drop& drop) {
  std::vector<const NamePattern*> known;
  for (const auto& pattern : drop.patterns) {
    if (pattern.is_star_alone()) {
      reporter_.error(codes::kRename, lexer_.position(pattern.begin), "Removing all fields is not allowed [*]");
    } else if (resolve_pattern(pattern, false)) {
      known.push_back(&pattern);
    }
  }
  for (const auto* one : known) {
    const NamePattern& pattern = *one;
    for (const auto& column : scope_.columns()) gone_.insert(column.name);
    scope_.drop(pattern);
    for (const auto& column : scope_.columns()) gone_.erase(column.name);
    if (!pattern.has_star()) gone_.insert(pattern.text());
  }
}

void Binder::bind_rename(const Rename& rename) {
  std::map<std::string, std::string> renamed;
  for (const auto& [from, to] : rename.pairs) {
    const auto& starred = from.has_star() ? from : to;
    if (from.has_star() || to.has_star()) {
      reporter_.error(codes::kRename, lexer_.position(starred.begin),
                      "Using wildcards [*] in RENAME is not allowed [" + starred.text() + "]");
      continue;
    }
    const std::string old_name = from.text();
    const std::string new_name = to.text();
    if (!scope_.find(old_name) && renamed.contains(old_name)) {
      reporter_.error(codes::kRename, lexer_.position(from.begin),
                      "Column [" + old_name + "] renamed to [" + renamed[old_name] + "] and is no longer available");
      continue;
    }
    const auto* attribute = resolve(old_name, from.begin);
    if (!attribute) continue;
    if (!scope_.find(old_name)) scope_.append(*attribute);
    scope_.rename(old_name, new_name);
    gone_.insert(old_name);
    gone_.erase(new_name);
    renamed[old_name] = new_name;
  }
}

// ---- SORT, LIMIT ----------------------------------------------------------------------------------------------------

void Binder::bind_sort(const Sort& sort, BoundStep& step) {
  BoundSort bound;
  for (const auto& item : sort.items) {
    auto key = bind(*item.key);
    if (key && (is_span(key->type) || key->type == LogicalType::geo_point)) {
      reporter_.error(codes::kArgumentType, at(*item.key), "cannot sort on " + std::string(name_of(key->type)));
      key = nullptr;
    }
    if (key) bound.items.push_back({std::move(key), item.descending, item.nulls_first});
  }
  step.node = std::move(bound);
}

void Binder::bind_limit(const Limit& limit, BoundStep& step) {
  BoundLimit bound;
  const auto count = bind(*limit.count);
  place_ = Place::grouping;  // BUCKET may be a key
  for (const auto& key : limit.keys) {
    if (auto value = bind(*key)) bound.keys.push_back(std::move(value));
  }
  place_ = Place::row;
  const auto* number = count && count->is_constant() && count->constant.size() == 1
                           ? std::get_if<std::int64_t>(&count->constant.front())
                           : nullptr;
  if (count && (!number || count->type != LogicalType::integer)) {
    reporter_.error(codes::kValue, at(*limit.count), "LIMIT needs a whole number of at most 2147483647");
  } else if (number && *number < 0) {
    reporter_.error(codes::kValue, at(*limit.count),
                    "LIMIT value must be a non-negative number, found value [" + std::to_string(*number) + "]");
  } else if (number) {
    bound.count = *number;
  }
  step.node = std::move(bound);
}

// ---- MV_EXPAND, DEDUP -----------------------------------------------------------------------------------------------

void Binder::bind_expand(const MvExpand& expand, BoundStep& step) {
  const auto* column = resolve(expand.column.text, expand.column.begin);
  if (!column) return;
  if (!scope_.find(expand.column.text)) scope_.append(*column);
  BoundExpand bound{column->id, new_attribute(column->name, column->type)};
  scope_.replace(bound.target);
  step.node = std::move(bound);
}

void Binder::bind_dedup(BoundStep& step) {
  BoundDedup bound;
  for (const auto& column : scope_.columns()) bound.columns.push_back(column.id);
  step.node = std::move(bound);
}

void Binder::bind_sample(const Sample& sample, BoundStep& step) {
  BoundSample bound;
  const auto probability = bind(*sample.probability);
  const double* p = probability && probability->is_constant() && probability->constant.size() == 1
                        ? std::get_if<double>(&probability->constant.front())
                        : nullptr;
  if (probability && (!p || *p <= 0 || *p >= 1)) {
    reporter_.error(codes::kValue, at(*sample.probability),
                    "invalid value for SAMPLE probability [" + source_of(*sample.probability) +
                        "], expecting a number between 0 and 1, exclusive");
  }
  if (p) bound.probability = *p;
  step.node = bound;
}

// ---- commands without a plan ----------------------------------------------------------------------------------------

/// The columns that such a command adds, so that what follows it can be checked as well.
void Binder::bind_new_columns(const Command& command) {
  const auto define = [this](std::string name, LogicalType type) {
    if (!name.empty()) scope_.define(new_attribute(std::move(name), type));
  };
  const auto bind_text = [this](const char* what, const Expression& input) {
    const auto bound = bind(input);
    if (!bound || is_string(bound->type) || bound->type == LogicalType::null) return;
    reporter_.error(codes::kArgumentType, at(input),
                    std::string(what) + " only supports KEYWORD or TEXT values, found expression [" + source_of(input) +
                        "] type [" + upper_name(bound->type) + "]");
  };
  std::visit(Overloaded{[&](const ChangePoint& c) {
                          (void)resolve(c.value.text, c.value.begin);
                          if (c.targets.empty()) {
                            define("type", LogicalType::keyword);
                            define("pvalue", LogicalType::real);
                          }
                          for (const auto& target : c.targets) define(target.text, LogicalType::null);
                        },
                        [&](const Completion& c) {
                          bind_text("COMPLETION", *c.prompt);
                          define(c.target.text.empty() ? "completion" : c.target.text, LogicalType::keyword);
                        },
                        [](const auto&) {}},
             command.node);
  // What FORK and the like add is not known: their lowering is refused anyway.
}

}  // namespace trailhound::esql
