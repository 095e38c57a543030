#include "engine/hit_builder.h"

#include <algorithm>

#include "engine/value_hash.h"

namespace trailhound::engine {
namespace {

constexpr std::string_view kNotAvailable = "N/A";

/// Writes over a value; a text keeps its memory.
void assign(Value& value, const Scalar& scalar) {
  if (const auto* text = std::get_if<std::string_view>(&scalar)) {
    if (auto* owned = std::get_if<std::string>(&value)) {
      owned->assign(*text);
    } else {
      value.emplace<std::string>(*text);
    }
  } else {
    value = to_value(scalar);
  }
}

/// Sorted, so that the groups of an event come in the same order however its list is written.
void assign_distinct(std::vector<Scalar>& values, const Cell& cell) {
  values.assign(cell.values().begin(), cell.values().end());
  if (values.size() < 2) return;
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

/// Whether a group is too long to be kept with every combination of codes that gives it.
bool is_long(const std::vector<Value>& group) {
  constexpr std::size_t kLong = 512;
  std::size_t bytes = 0;
  for (const Value& value : group) {
    if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
  }
  return bytes > kLong;
}

bool equals(const Value& value, const Scalar* scalar) {
  if (scalar == nullptr || is_null(value)) return scalar == nullptr && is_null(value);
  return to_scalar(value) == *scalar;
}

}  // namespace

HitBuilder::HitBuilder(const CompiledRules& rules) : rules_(rules), offers_(rules) {}

void HitBuilder::begin(const event::Record& record) {
  record_ = &record;
  described_ = false;
}

void HitBuilder::describe(const event::Record& record, Arena& arena) {
  if (described_) return;
  described_ = true;
  profile_ = profile_of(record, arena);
  location_ = record.batch().location(record.row());
  event_key_ = record.event_key();
  event_id_ = record.batch().event_ids[record.row()];
  if (event_id_.empty()) {  // the key has the record's hash in its place
    event_id_ = event_key_;
    event_id_.remove_prefix(event_id_.find('/') + 1);
  }
}

HitBuilder::Wanted HitBuilder::offer(std::uint32_t rule, std::uint64_t queries, HitSink& sink, OfferMemo::Last* last) {
  Wanted wanted{.interest = sink.interest(rule, queries)};
  if (wanted.interest == HitSink::Interest::hit) return wanted;
  if (wanted.interest == HitSink::Interest::never) {
    wanted.left = true;
    return wanted;
  }
  wanted.entry = offers_.find(rule, *record_, last);
  if (wanted.entry == nullptr) return wanted;
  OfferMemo::Entry& entry = *wanted.entry;
  if (entry.state == OfferMemo::State::keyless) {
    wanted.keyless = queries;
    wanted.left = true;
  } else if (entry.state == OfferMemo::State::known) {
    wanted.left =
        !sink.admits({rule, queries, record_->time(), entry.group, entry.group_hash, entry.arguments, &entry.mark});
  }
  return wanted;
}

HitBuilder::Result HitBuilder::add_hits(std::uint32_t rule, std::span<const std::uint32_t> matched,
                                        const Wanted& wanted, EvaluationContext& context, HitSink& sink) {
  const CompiledRule& compiled = rules_.rules()[rule];
  Result result;
  const bool admitted = wanted.entry != nullptr && wanted.entry->state == OfferMemo::State::known;
  const std::uint64_t warnings = context.warnings;
  make_groups(compiled, matched, context, result);
  if (wanted.interest != HitSink::Interest::hit && !admitted) {
    argument_hashes_.clear();
    if (wanted.interest == HitSink::Interest::offer_hashes) hash_arguments(compiled, matched, context);
    if (wanted.entry != nullptr) remember(wanted, result, context.warnings - warnings);
    const bool remembered = wanted.entry != nullptr && wanted.entry->state == OfferMemo::State::known;
    keep_admitted(rule, sink, remembered ? &wanted.entry->mark : nullptr);
  }
  if (group_count_ == 0) return result;
  describe(*record_, context.arena);
  read_cells(compiled, matched, context);
  for (std::size_t i = 0; i < group_count_; ++i) {
    const Group& group = groups_[i];
    sink.add({.rule = rule,
              .queries = group.queries,
              .time = record_->time(),
              .covers = {},
              .event_key = event_key_,
              .group = group.values,
              .arguments = arguments_of(group, compiled, matched),
              .attributes = attribute_cells_,
              .profile = profile_,
              .path = location_.path,
              .offset = location_.offset,
              .event_id = event_id_});
  }
  return result;
}

void HitBuilder::remember(const Wanted& wanted, const Result& result, std::uint64_t warnings) {
  OfferMemo::Entry& entry = *wanted.entry;
  if (entry.state != OfferMemo::State::unknown) return;
  const bool with_group = wanted.interest != HitSink::Interest::offer_hashes;
  if (group_count_ > 1 || result.capped || warnings != 0 ||
      (group_count_ == 1 && with_group && is_long(groups_[0].values))) {
    entry.state = OfferMemo::State::several;
  } else if (group_count_ == 0) {
    entry.state = OfferMemo::State::keyless;
  } else {
    entry.state = OfferMemo::State::known;
    if (with_group) entry.group = groups_[0].values;
    entry.group_hash = hash_of_group(groups_[0].values);
    entry.arguments = offers_.keep(argument_hashes_);
  }
}

void HitBuilder::make_groups(const CompiledRule& rule, std::span<const std::uint32_t> matched,
                             EvaluationContext& context, Result& result) {
  group_count_ = 0;
  for (const std::uint32_t query : matched) {
    if (!read_key(rule.rule->plan.queries[query], context)) {
      result.keyless |= std::uint64_t{1} << query;
    } else if (add_groups(query)) {
      result.capped = true;
    }
  }
}

/// Leaves only the groups that the sink wants hits of.
void HitBuilder::keep_admitted(std::uint32_t rule, HitSink& sink, OfferMark* mark) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < group_count_; ++i) {
    const Group& group = groups_[i];
    if (!sink.admits({rule, group.queries, record_->time(), group.values, hash_of_group(group.values), argument_hashes_,
                      mark})) {
      continue;
    }
    if (kept != i) std::swap(groups_[kept], groups_[i]);
    ++kept;
  }
  group_count_ = kept;
}

void HitBuilder::hash_arguments(const CompiledRule& rule, std::span<const std::uint32_t> matched,
                                EvaluationContext& context) {
  if (group_count_ == 0) return;
  read_arguments(rule, matched, context);
  hashes_.clear();
  for (const Cell& cell : argument_cells_) {
    for (const Scalar& value : cell.values()) hashes_.push_back(hash_of_value(value));
  }
  std::span<const std::uint64_t> rest(hashes_);
  for (const Cell& cell : argument_cells_) {
    argument_hashes_.push_back(rest.first(cell.size()));
    rest = rest.subspan(cell.size());
  }
}

bool HitBuilder::read_key(const plan::Query& query, EvaluationContext& context) {
  part_count_ = query.key.size();
  if (parts_.size() < part_count_) parts_.resize(part_count_);
  for (std::size_t i = 0; i < part_count_; ++i) {
    const Cell cell = evaluate(query.key[i].expression, context);
    assign_distinct(parts_[i], cell);
    if (!parts_[i].empty() || query.missing == plan::MissingKey::null_group) continue;
    if (query.missing == plan::MissingKey::drop) return false;
    parts_[i].emplace_back(kNotAvailable);
  }
  return true;
}

/// Adds the combinations of the parts' values, the last part running fastest. True if there were too many.
bool HitBuilder::add_groups(std::uint32_t query) {
  current_.assign(part_count_, nullptr);
  for (std::size_t i = 0; i < part_count_; ++i) {
    if (!parts_[i].empty()) current_[i] = parts_[i].data();
  }
  for (std::size_t added = 0; added < plan::kMaxGroupsPerEvent; ++added) {
    add_group(query, added);
    std::size_t i = part_count_;
    for (; i > 0; --i) {
      const Part& part = parts_[i - 1];
      if (part.empty()) continue;
      if (++current_[i - 1] != part.data() + part.size()) break;
      current_[i - 1] = part.data();
    }
    if (i == 0) return false;
  }
  return true;
}

/// Joins the group of an earlier query if that is equal. Queries of one rule mostly have the same key, so the equal
/// group mostly is at the same place.
void HitBuilder::add_group(std::uint32_t query, std::size_t expected_at) {
  const std::uint64_t bit = std::uint64_t{1} << query;
  const auto joins = [&](Group& group) {
    if (!is_current(group.values)) return false;
    group.queries |= bit;
    return true;
  };
  if (expected_at < group_count_ && joins(groups_[expected_at])) return;
  // Groups of this query alone are at the end and differ from each other.
  for (std::size_t i = 0; i < group_count_ && groups_[i].queries != bit; ++i) {
    if (joins(groups_[i])) return;
  }
  if (group_count_ == groups_.size()) groups_.emplace_back();
  Group& group = groups_[group_count_++];
  group.queries = bit;
  group.values.resize(part_count_);
  for (std::size_t i = 0; i < part_count_; ++i) {
    if (current_[i] == nullptr) {
      group.values[i] = std::monostate{};
    } else {
      assign(group.values[i], *current_[i]);
    }
  }
}

bool HitBuilder::is_current(const std::vector<Value>& group) const {
  return std::equal(group.begin(), group.end(), current_.begin(), current_.end(), equals);
}

void HitBuilder::read_arguments(const CompiledRule& rule, std::span<const std::uint32_t> matched,
                                EvaluationContext& context) {
  argument_cells_.clear();
  for (const std::uint32_t query : matched) {
    for (const plan::NamedExpr& argument : rule.rule->plan.queries[query].arguments) {
      argument_cells_.push_back(evaluate(argument.expression, context));
    }
  }
}

void HitBuilder::read_cells(const CompiledRule& rule, std::span<const std::uint32_t> matched,
                            EvaluationContext& context) {
  read_arguments(rule, matched, context);
  attribute_cells_.clear();
  for (const rule::Attribute& attribute : rule.rule->attributes) {
    attribute_cells_.push_back(evaluate(attribute.expression, context));
  }
  for (const rule::Attribute& carried : rule.rule->carried) {
    attribute_cells_.push_back(evaluate(carried.expression, context));
  }
}

/// Of the queries that gave the group, one after the other.
std::span<const Cell> HitBuilder::arguments_of(const Group& group, const CompiledRule& rule,
                                               std::span<const std::uint32_t> matched) {
  const auto gave = [&](std::uint32_t query) { return (group.queries >> query & 1u) != 0; };
  if (std::ranges::all_of(matched, gave)) return argument_cells_;
  group_cells_.clear();
  std::span<const Cell> rest(argument_cells_);
  for (const std::uint32_t query : matched) {
    const auto own = rest.first(rule.rule->plan.queries[query].arguments.size());
    if (gave(query)) group_cells_.insert(group_cells_.end(), own.begin(), own.end());
    rest = rest.subspan(own.size());
  }
  return group_cells_;
}

}  // namespace trailhound::engine
