#include "engine/predicate_truths.h"

#include <algorithm>

namespace trailhound::engine {

PredicateTruths::Kept PredicateTruths::CodeTruths::get(std::uint32_t code) const {
  const std::size_t at = code / 2;
  if (at >= bytes.size()) return {};
  return Kept(static_cast<std::uint8_t>((bytes[at] >> (code % 2 * 4)) & 0xFu));
}

void PredicateTruths::CodeTruths::set(std::uint32_t code, Kept kept) {
  const std::size_t at = code / 2;
  if (at >= bytes.size()) bytes.resize(std::max(at + 1, bytes.size() * 2));
  bytes[at] = static_cast<std::uint8_t>(bytes[at] | (kept.bits << (code % 2 * 4)));
}

PredicateTruths::PredicateTruths(const CompiledRules& rules)
    : rules_(rules),
      by_code_(rules.predicates().size()),
      by_record_(rules.predicates().size()),
      column_cells_(rules.columns().size()),
      code_cells_(rules.columns().size()) {}

std::uint32_t PredicateTruths::use(const Dictionaries& dictionaries) {
  std::uint32_t changed = 0;
  for (std::size_t i = 0; i < event::kHotCount; ++i) {
    if (dictionaries_ == &dictionaries && epochs_[i] == dictionaries[i].epoch()) continue;
    epochs_[i] = dictionaries[i].epoch();
    changed |= 1u << i;
  }
  dictionaries_ = &dictionaries;
  if (changed == 0) return 0;
  forget_code_cells();
  for (PredicateId id = 0; id < by_code_.size(); ++id) {
    const Predicate& predicate = rules_.predicates()[id];
    if (predicate.kind != Predicate::Kind::hot) continue;
    if ((changed >> static_cast<unsigned>(predicate.hot) & 1u) != 0) by_code_[id].bytes.clear();
  }
  return changed;
}

void PredicateTruths::begin(const event::Record& record) {
  ++record_number_;
  record_arena_.reset();
  if (code_cell_count_ > kMaxCodeCells) forget_code_cells();  // here, where no record's cells point to them
  record_ = record;
  if (context_) warnings_ += context_->warnings;
  context_.emplace(EvaluationContext{.record = &*record_, .arena = record_arena_, .memo = this});
}

std::uint64_t PredicateTruths::take_warnings() {
  std::uint64_t taken = std::exchange(warnings_, 0);
  if (context_) taken += std::exchange(context_->warnings, 0);
  return taken;
}

Truth PredicateTruths::give(Kept kept) {
  if (kept.warned()) ++warnings_;
  return kept.truth();
}

PredicateTruths::Kept PredicateTruths::keep_code(PredicateId id, std::uint32_t code) {
  if (const Kept kept = by_code_[id].get(code); kept.known()) return kept;
  const Predicate& predicate = rules_.predicates()[id];
  const auto column = static_cast<std::size_t>(predicate.hot);
  HotCells cells{};
  cells[column] = &(*dictionaries_)[column].cell(code);
  value_arena_.reset();
  EvaluationContext context{.hot = &cells, .arena = value_arena_};
  const Truth found = truth(predicate.expression, context);
  const Kept kept(found, context.warnings > 0);
  by_code_[id].set(code, kept);
  return kept;
}

Truth PredicateTruths::of_hot_cells(PredicateId id, const HotCells& cells) {
  value_arena_.reset();
  EvaluationContext context{.hot = &cells, .arena = value_arena_};
  return truth(rules_.predicates()[id].expression, context);
}

Truth PredicateTruths::of(PredicateId id) {
  const Predicate& predicate = rules_.predicates()[id];
  switch (predicate.kind) {
    case Predicate::Kind::constant:
      return predicate.constant;
    case Predicate::Kind::hot:
      return give(keep_code(id, record_->hot_code(predicate.hot)));
    case Predicate::Kind::all:
      return all_of(predicate);
    case Predicate::Kind::any:
      return any_of(predicate);
    case Predicate::Kind::negation:
      return !of(predicate.operands[0]);
    case Predicate::Kind::is_true:
      return truth_of(of(predicate.operands[0]) == Truth::yes);
    case Predicate::Kind::record:
      break;
  }
  if (predicate.below && !record_->has(*predicate.below)) return predicate.if_absent;
  RecordTruth& remembered = by_record_[id];
  if (remembered.record != record_number_) remembered = {record_number_, evaluate_record(predicate)};
  return give(remembered.kept);
}

Truth PredicateTruths::all_of(const Predicate& predicate) {
  Truth all = Truth::yes;
  for (const PredicateId operand : predicate.operands) {
    all = all & of(operand);
    if (all == Truth::no) break;
  }
  return all;
}

Truth PredicateTruths::any_of(const Predicate& predicate) {
  Truth any = Truth::no;
  for (const PredicateId operand : predicate.operands) {
    any = any | of(operand);
    if (any == Truth::yes) break;
  }
  return any;
}

PredicateTruths::Kept PredicateTruths::evaluate_record(const Predicate& predicate) {
  const std::uint64_t before = std::exchange(context_->warnings, 0);
  const Truth found = truth(predicate.expression, *context_);
  const bool warned = context_->warnings > 0;
  context_->warnings = before;
  return Kept(found, warned);
}

std::optional<std::uint32_t> PredicateTruths::number_of(const event::Column& column) {
  // Columns are allocated one by one: the low bits of their addresses say little.
  NumberedColumn& place = numbered_[(reinterpret_cast<std::uintptr_t>(&column) >> 5) % kNumbered];
  if (place.column == &column) return place.number;
  const auto found = rules_.columns().find(&column);
  if (found == rules_.columns().end()) return std::nullopt;
  place = {&column, found->second};
  return found->second;
}

Cell* PredicateTruths::find(const event::Column& column, bool& known) {
  const auto number = number_of(column);
  if (!number) return nullptr;
  ColumnCell& place = column_cells_[*number];
  known = place.record == record_number_;
  place.record = record_number_;
  if (!known && column.depends_on) {
    place.cell = cell_of_code(column, *number);
    known = true;
  }
  return &place.cell;
}

const Cell& PredicateTruths::cell_of_code(const event::Column& column, std::size_t number) {
  CodeCells& known = code_cells_[number];
  const std::uint32_t code = record_->hot_code(*column.depends_on);
  if (code >= known.place.size()) known.place.resize(std::max<std::size_t>(code + 1, known.place.size() * 2));
  if (known.place[code] == 0) {
    known.cells.push_back(column.from_hot(record_->hot(*column.depends_on), code_arena_));
    known.place[code] = static_cast<std::uint32_t>(known.cells.size());
    ++code_cell_count_;
  }
  return known.cells[known.place[code] - 1];
}

void PredicateTruths::forget_code_cells() {
  for (CodeCells& known : code_cells_) known = {};
  code_cell_count_ = 0;
  code_arena_.reset();
}

}  // namespace trailhound::engine
