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

PredicateTruths::Changed PredicateTruths::use(const event::Batch& batch) {
  const Dictionaries& dictionaries = *batch.dictionaries;
  Changed changed;
  for (std::size_t i = 0; i < event::kHotCount; ++i) {
    if (dictionaries_ == &dictionaries && epochs_[i] == dictionaries[i].epoch()) continue;
    epochs_[i] = dictionaries[i].epoch();
    changed.hot |= 1u << i;
  }
  constexpr auto kError = 1u << static_cast<unsigned>(event::Hot::error_code);
  if ((changed.hot & kError) != 0) changed.facets |= 1u << static_cast<unsigned>(event::Facet::error);
  if (dictionaries_ != &dictionaries || caller_epoch_ != batch.caller_epoch) {
    caller_epoch_ = batch.caller_epoch;
    changed.facets |= 1u << static_cast<unsigned>(event::Facet::caller);
  }
  dictionaries_ = &dictionaries;
  value_cells_.forget();
  if (changed.hot != 0 || changed.facets != 0) {
    forget_code_cells();
    forget_truths(changed);
  }
  return changed;
}

void PredicateTruths::forget_truths(Changed changed) {
  for (PredicateId id = 0; id < by_code_.size(); ++id) {
    const Predicate& predicate = rules_.predicates()[id];
    const bool hot = predicate.kind == Predicate::Kind::hot;
    if (!hot && predicate.kind != Predicate::Kind::facet) continue;
    const unsigned changes = hot ? changed.hot >> static_cast<unsigned>(predicate.hot)
                                 : changed.facets >> static_cast<unsigned>(predicate.facet);
    if ((changes & 1u) != 0) by_code_[id].bytes.clear();
  }
}

void PredicateTruths::begin(const event::Record& record) {
  ++record_number_;
  record_arena_.reset();
  if (code_cell_count_ > kMaxCodeCells || code_arena_.bytes() > kMaxCodeBytes)
    forget_code_cells();  // here, where no record's cells point to them
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

void PredicateTruths::ValueCells::use(event::Hot column, std::uint32_t code) {
  if (column == column_ && code == code_) return;
  forget();
  column_ = column;
  code_ = code;
}

void PredicateTruths::ValueCells::forget() {
  column_.reset();
  cells_.clear();
  arena.reset();
}

Cell* PredicateTruths::ValueCells::find(const event::Column& column, bool& known) {
  if (!column.depends_on) return nullptr;
  const auto found = std::ranges::find(cells_, &column, &std::pair<const event::Column*, Cell>::first);
  known = found != cells_.end();
  return known ? &found->second : &cells_.emplace_back(&column, Cell()).second;
}

PredicateTruths::Kept PredicateTruths::keep_code(PredicateId id, std::uint32_t code) {
  if (const Kept kept = by_code_[id].get(code); kept.known()) return kept;
  const Predicate& predicate = rules_.predicates()[id];
  const auto column = static_cast<std::size_t>(predicate.hot);
  HotCells cells{};
  cells[column] = &(*dictionaries_)[column].cell(code);
  value_cells_.use(predicate.hot, code);
  EvaluationContext context{.hot = &cells, .arena = value_cells_.arena, .memo = &value_cells_};
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
    case Predicate::Kind::facet:
      return give(of_facet(id, predicate));
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
  return give(of_record(id, predicate));
}

PredicateTruths::Kept PredicateTruths::of_facet(PredicateId id, const Predicate& predicate) {
  const std::uint32_t code = record_->facet_code(predicate.facet);
  if (code == 0) return of_record(id, predicate);
  if (const Kept kept = by_code_[id].get(code); kept.known()) return kept;
  const Kept kept = evaluate_record(predicate);
  by_code_[id].set(code, kept);
  return kept;
}

PredicateTruths::Kept PredicateTruths::of_record(PredicateId id, const Predicate& predicate) {
  RecordTruth& remembered = by_record_[id];
  if (remembered.record != record_number_) remembered = {record_number_, evaluate_record(predicate)};
  return remembered.kept;
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
  if (known) return &place.cell;
  if (column.depends_on) {
    place.cell = cell_of_code(*number, record_->hot_code(*column.depends_on),
                              [&] { return column.from_hot(record_->hot(*column.depends_on), code_arena_); });
    known = true;
  } else if (column.facet) {
    if (const std::uint32_t code = record_->facet_code(*column.facet); code != 0) {
      place.cell = cell_of_code(*number, code, [&] { return copied_from_record(column); });
      known = true;
    }
  }
  return &place.cell;
}

/// The cell of the record at hand as it is kept for later ones.
Cell PredicateTruths::copied_from_record(const event::Column& column) {
  return event::copy_of(column.read(*record_, record_arena_), code_arena_);
}

template <class Read>
const Cell& PredicateTruths::cell_of_code(std::size_t number, std::uint32_t code, Read&& read) {
  CodeCells& known = code_cells_[number];
  if (code >= known.place.size()) known.place.resize(std::max<std::size_t>(code + 1, known.place.size() * 2));
  if (known.place[code] == 0) {
    known.cells.push_back(read());
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
