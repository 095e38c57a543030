#pragma once
/// What records offered a rule, by the codes that it is a function of. A rule that groups by the caller and counts
/// calls asks the same of thousands of records: key, values and their hashes are worked out once a combination of
/// codes.
///
///     OfferMemo::Entry* entry = memo.find(rule, record);           // null: no function of codes
///     if (entry != nullptr && entry->state == OfferMemo::State::known) sink.admits(offer_of(*entry));
///
/// Only for rules of one query, whose key and arguments are functions of at most kMostCodes hot values and facets. One
/// a worker; must be reset when codes mean something new. Inside src/engine only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include <boost/container/deque.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/compiled_rules.h"
#include "engine/matcher.h"
#include "event/batch.h"

namespace trailhound::engine {

class OfferMemo {
 public:
  static constexpr std::size_t kMostCodes = 3;

  enum class State : std::uint8_t {
    unknown,  ///< met for the first time: the caller may fill the rest
    known,
    keyless,  ///< the records are in no group
    several,  ///< more than one group, something to count a record, or more than the codes decide: not kept
  };
  struct Entry {
    State state = State::unknown;
    std::vector<Value> group;  ///< unless the sink asks for hashes alone
    std::uint64_t group_hash = 0;
    std::span<const ValueHashes> arguments;
    OfferMark mark;
  };
  /// A place for what was found last by someone whose records are often alike.
  struct Last {
    std::array<std::uint32_t, kMostCodes> codes{};
    std::uint32_t generation = 0;
    bool is_narrow = false;  ///< the codes are those of the call, the caller and the error alone
    Entry* entry = nullptr;
  };

  explicit OfferMemo(const CompiledRules& rules);

  /// The entry of the codes that the record has; null if they do not decide. Valid until the next call. `last`, if
  /// given, must always come with the same rule.
  [[nodiscard]] Entry* find(std::uint32_t rule, const event::Record& record, Last* last = nullptr);
  /// What was found last of records that agree in call, caller and error, if it is the same for all of these; else
  /// null.
  [[nodiscard]] const Entry* find_narrow(const Last& last) const {
    return last.is_narrow && last.generation == generation_ ? last.entry : nullptr;
  }
  /// A copy that stays as long as the entries do.
  [[nodiscard]] std::span<const ValueHashes> keep(std::span<const ValueHashes> arguments);
  void reset();

 private:
  static constexpr std::size_t kMostEntries = 1u << 15;

  /// One hot value or facet.
  struct Source {
    bool is_facet = false;
    event::Hot hot = event::Hot::event_source;
    event::Facet facet = event::Facet::caller;
    bool operator==(const Source&) const = default;
  };
  struct Sources {
    bool decide = false;
    bool is_narrow = false;
    std::vector<Source> codes;
    std::vector<event::CallerAnd> if_decided;  ///< only for records whose hot values do
    void add(const Source& source);
    [[nodiscard]] bool decide_for(const event::Record& record) const;
  };
  struct Key {
    std::uint32_t rule = 0;
    std::array<std::uint32_t, kMostCodes> codes{};
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    using is_avalanching = void;
    std::size_t operator()(const Key& key) const;
  };

  using Entries =
      boost::container::deque<Entry, void, boost::container::deque_options_t<boost::container::block_bytes<16 * 1024>>>;

  static Sources sources_of(const CompiledRule& rule);

  std::vector<Sources> sources_;  // by rule
  boost::unordered_flat_map<Key, Entry*, KeyHash> places_;
  Entries entries_;                             // that never move
  std::pmr::monotonic_buffer_resource hashes_;  // of their arguments
  std::uint32_t generation_ = 1;                // of the entries; what has an older one points to nothing
};

}  // namespace trailhound::engine
