#pragma once
/// Sets of truth values: what a condition may still turn out to be while only some values of a record are known.
///
/// Routing rests on it: a query whose filter cannot become `yes`, whatever the unknown values are, is no candidate. A
/// set may be larger than what is really possible (the operands of a conjunction are taken as independent), never
/// smaller, so that routing cannot lose a hit.

#include <cstdint>

#include "base/truth.h"

namespace trailhound::engine {

class TruthSet {
 public:
  constexpr TruthSet() = default;
  constexpr explicit TruthSet(Truth only) : bits_(bit(only)) {}
  [[nodiscard]] static constexpr TruthSet all() { return TruthSet(kAll); }

  [[nodiscard]] constexpr bool holds(Truth truth) const { return (bits_ & bit(truth)) != 0; }
  [[nodiscard]] constexpr bool is_exactly(Truth truth) const { return bits_ == bit(truth); }
  constexpr bool operator==(const TruthSet&) const = default;

  /// What is in either set.
  friend constexpr TruthSet join(TruthSet a, TruthSet b) {
    return TruthSet(static_cast<std::uint8_t>(a.bits_ | b.bits_));
  }
  friend constexpr TruthSet operator!(TruthSet set) {
    return transform(set, [](Truth truth) { return !truth; });
  }
  friend constexpr TruthSet operator&(TruthSet a, TruthSet b) {
    return combine(a, b, [](Truth x, Truth y) { return x & y; });
  }
  friend constexpr TruthSet operator|(TruthSet a, TruthSet b) {
    return combine(a, b, [](Truth x, Truth y) { return x | y; });
  }
  friend constexpr TruthSet is_true(TruthSet set) {
    return transform(set, [](Truth truth) { return truth_of(truth == Truth::yes); });
  }

 private:
  static constexpr std::uint8_t kAll = 0b111;
  static constexpr Truth kValues[] = {Truth::no, Truth::unknown, Truth::yes};

  constexpr explicit TruthSet(std::uint8_t bits) : bits_(bits) {}
  static constexpr std::uint8_t bit(Truth truth) {
    return static_cast<std::uint8_t>(1u << static_cast<unsigned>(truth));
  }
  constexpr void add(Truth truth) { bits_ = static_cast<std::uint8_t>(bits_ | bit(truth)); }

  template <class F>
  static constexpr TruthSet transform(TruthSet set, F f) {
    TruthSet result;
    for (const Truth truth : kValues) {
      if (set.holds(truth)) result.add(f(truth));
    }
    return result;
  }
  template <class F>
  static constexpr TruthSet combine(TruthSet a, TruthSet b, F f) {
    TruthSet result;
    for (const Truth x : kValues) {
      for (const Truth y : kValues) {
        if (a.holds(x) && b.holds(y)) result.add(f(x, y));
      }
    }
    return result;
  }

  std::uint8_t bits_ = 0;
};

}  // namespace trailhound::engine
