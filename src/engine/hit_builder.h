#pragma once
/// From a record and the queries of a rule that it passed to hits: one for each distinct group.
///
/// Keeps its texts and lists from hit to hit, so that building one costs no allocation in the usual case. One a worker.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/compiled_rules.h"
#include "engine/evaluator.h"
#include "engine/hit.h"
#include "engine/matcher.h"
#include "engine/offer_memo.h"
#include "engine/profile.h"
#include "event/batch.h"

namespace trailhound::engine {

class HitBuilder {
 public:
  explicit HitBuilder(const CompiledRules& rules);

  struct Result {
    std::uint64_t keyless = 0;  ///< bit i: query i found no group for the record
    bool capped = false;  ///< more groups than plan::kMaxGroupsPerEvent; the first ones in order of value are kept
  };

  /// Forgets what it keeps by code: codes have a new meaning.
  void forget() { offers_.reset(); }
  /// Starts a record; it and what it points to must stay until the last `add_hits` for it.
  void begin(const event::Record& record);
  /// What is to be done about the record's hits of one rule.
  struct Wanted {
    HitSink::Interest interest = HitSink::Interest::hit;
    OfferMemo::Entry* entry = nullptr;
    std::uint64_t keyless = 0;  ///< as in Result, of a record that is left
    /// Whether nothing is: the sink does not want them, or was offered what is known of them by code.
    bool left = false;
  };
  /// Asks the sink for what needs no look at the record. `queries`: bit i: the record passed query i. `last` must
  /// always come with the same rule.
  [[nodiscard]] Wanted offer(std::uint32_t rule, std::uint64_t queries, HitSink& sink, OfferMemo::Last* last);
  /// Whether `offer` would change nothing, for a rule that all records which share `last` match, of call, caller and
  /// error alike.
  [[nodiscard]] bool is_ignored(const OfferMemo::Last& last, const HitSink& sink) const {
    const OfferMemo::Entry* entry = offers_.find_narrow(last);
    return entry != nullptr && entry->state == OfferMemo::State::known && sink.ignores(entry->mark, record_->time());
  }
  /// Gives the sink the record's hits of one rule, by query, then in order of the group's values. `matched` are the
  /// indices of the queries that the record passed, ascending; the context is that of the record.
  Result add_hits(std::uint32_t rule, std::span<const std::uint32_t> matched, const Wanted& wanted,
                  EvaluationContext& context, HitSink& sink);

 private:
  /// The distinct values of one key part: none stands for null.
  using Part = std::vector<Scalar>;
  struct Group {
    std::vector<Value> values;
    std::uint64_t queries = 0;
  };

  void describe(const event::Record& record, Arena& arena);
  bool read_key(const plan::Query& query, EvaluationContext& context);
  bool add_groups(std::uint32_t query);
  void add_group(std::uint32_t query, std::size_t expected_at);
  [[nodiscard]] bool is_current(const std::vector<Value>& group) const;
  void make_groups(const CompiledRule& rule, std::span<const std::uint32_t> matched, EvaluationContext& context,
                   Result& result);
  void remember(const Wanted& wanted, const Result& result, std::uint64_t warnings);
  void hash_arguments(const CompiledRule& rule, std::span<const std::uint32_t> matched, EvaluationContext& context);
  void keep_admitted(std::uint32_t rule, HitSink& sink, OfferMark* mark);
  void read_arguments(const CompiledRule& rule, std::span<const std::uint32_t> matched, EvaluationContext& context);
  void read_cells(const CompiledRule& rule, std::span<const std::uint32_t> matched, EvaluationContext& context);
  [[nodiscard]] std::span<const Cell> arguments_of(const Group& group, const CompiledRule& rule,
                                                   std::span<const std::uint32_t> matched);

  const CompiledRules& rules_;
  OfferMemo offers_;

  const event::Record* record_ = nullptr;
  bool described_ = false;
  ProfileView profile_;
  std::string event_key_;
  std::string_view event_id_;
  event::RecordLocation location_;

  std::vector<Part> parts_;                   // of the query's key
  std::size_t part_count_ = 0;                // how many of them are in use
  std::vector<const Scalar*> current_;        // one combination of the parts; null for null
  std::vector<Group> groups_;                 // of the rule
  std::size_t group_count_ = 0;               // how many of them are in use
  std::vector<Cell> argument_cells_;          // of the matched queries, one after the other
  std::vector<std::uint64_t> hashes_;         // of their values
  std::vector<ValueHashes> argument_hashes_;  // the same, by argument
  std::vector<Cell> group_cells_;             // of the queries of a group that not all matched queries gave
  std::vector<Cell> attribute_cells_;
};

}  // namespace trailhound::engine
