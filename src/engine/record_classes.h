#pragma once
/// What can be said of a record from its codes alone, beyond caller and error: values of one column are in one class if
/// every predicate over that column says the same of both, and records are in one class if their values are and they
/// have the same members. User agents and addresses are many, but rules tell few kinds of them apart.
///
///     classes.use(batch);
///     const std::uint64_t key = classes.of(record);
///     if (classes.may_have(key, Member::resources)) ...
///
/// Only columns and members that predicates ask about count, and only columns that are not functions of the call, the
/// caller or the error. One a worker. Inside src/engine only.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/compiled_rules.h"
#include "engine/predicate_truths.h"
#include "event/batch.h"

namespace trailhound::engine {

class RecordClasses {
 public:
  RecordClasses(const CompiledRules& rules, PredicateTruths& truths);

  /// Codes of these columns (bit i: column i) mean something new.
  void forget(std::uint32_t columns);
  /// To be called before the records of a batch.
  void use(const event::Batch& batch);
  [[nodiscard]] std::uint64_t of(const event::Record& record) {
    std::uint64_t key = may_have_[record.row()];
    for (Watched& watched : watched_) key = key << 8 | class_of(watched, record.hot_code(watched.column));
    return key;
  }
  /// Whether every value of the column in a record's class has the same truths.
  [[nodiscard]] bool tells(std::uint64_t key, event::Hot column) const;
  /// Whether records of a class may have this member.
  [[nodiscard]] bool may_have(std::uint64_t key, event::Member member) const {
    return (key >> (watched_.size() * 8) >> static_cast<unsigned>(member) & 1u) != 0;
  }

 private:
  // Classes of a column. Beyond kMostClasses its values are not told apart, and nothing is said of them.
  static constexpr std::uint8_t kNotYet = 0, kUntold = 1, kFirst = 2;
  static constexpr std::size_t kMostClasses = 250;
  static constexpr std::size_t kMostColumns = 7;  ///< of a byte each in a key, beside one for the members
  struct Watched {
    event::Hot column;
    std::vector<PredicateId> predicates;
    std::vector<std::uint8_t> by_code;
    boost::unordered_flat_map<std::string, std::uint8_t> by_truths;
  };

  [[nodiscard]] std::uint8_t class_of(Watched& watched, std::uint32_t code) {
    if (code < watched.by_code.size() && watched.by_code[code] != kNotYet) return watched.by_code[code];
    return classify(watched, code);
  }
  std::uint8_t classify(Watched& watched, std::uint32_t code);

  PredicateTruths& truths_;
  std::vector<Watched> watched_;
  std::vector<event::Member> members_;
  std::vector<std::uint8_t> may_have_;  // by row of the batch; bit i: member i
};

}  // namespace trailhound::engine
