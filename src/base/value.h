#pragma once
/// Values of events and rules.
///
/// `Scalar` is a view of one value (strings point into a batch, an arena or a literal). `Cell` is what a column holds
/// for one event: absent, null, an empty list, one to n scalars, or an object. `Value` owns one scalar or null; it is
/// what rules, group keys and signals keep.
///
/// Physical types only: a date is an integer (microseconds), a keyword is bytes. What the integer means is said by the
/// column's or expression's logical type (`event/column.h`).

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ip_address.h"

namespace trailhound {

/// A view of one value; as cheap to copy as a string_view. Lifetime of the text is that of its source.
using Scalar = std::variant<bool, std::int64_t, double, std::string_view, IpAddress>;
/// Owned scalar; monostate is null.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, IpAddress>;
/// Zero or more owned scalars: an aggregate's result or an evaluated argument.
using Values = std::vector<Value>;

/// What one column holds for one event.
///
/// The states stay apart because the languages treat them apart: Datadog's `@a:*` needs a value, Sigma's `exists`
/// only the key, ES|QL knows nothing of empty lists.
class Cell {
 public:
  enum class State : std::uint8_t {
    absent,  ///< the key is not there
    null,    ///< the key is there with JSON null
    empty,   ///< an empty list
    values,  ///< one or more scalars
    object,  ///< a JSON object (or a list holding only objects): presence is known, no scalar can be compared
  };

  Cell() = default;
  [[nodiscard]] static Cell absent() { return {}; }
  [[nodiscard]] static Cell null() { return Cell(State::null); }
  [[nodiscard]] static Cell empty() { return Cell(State::empty); }
  [[nodiscard]] static Cell object() { return Cell(State::object); }
  [[nodiscard]] static Cell one(Scalar value) {
    Cell cell(State::values);
    cell.first_ = value;
    cell.count_ = 1;
    return cell;
  }
  /// `many` must outlive the cell; a span of one or none is turned into `one` or `empty`.
  [[nodiscard]] static Cell several(std::span<const Scalar> many) {
    if (many.empty()) return empty();
    if (many.size() == 1) return one(many[0]);
    Cell cell(State::values);
    cell.many_ = many.data();
    cell.count_ = many.size();
    return cell;
  }

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool has_values() const { return state_ == State::values; }
  [[nodiscard]] bool is_single() const { return count_ == 1; }
  [[nodiscard]] std::size_t size() const { return count_; }
  /// Empty unless the state is `values`. Points into this Cell when it holds one value: do not call on a temporary.
  [[nodiscard]] std::span<const Scalar> values() const& { return {count_ == 1 ? &first_ : many_, count_}; }
  std::span<const Scalar> values() const&& = delete;

 private:
  explicit Cell(State state) : state_(state) {}

  State state_ = State::absent;
  std::size_t count_ = 0;
  Scalar first_;
  const Scalar* many_ = nullptr;
};

[[nodiscard]] Value to_value(const Scalar& scalar);
/// A view of an owned value; must not be null.
[[nodiscard]] Scalar to_scalar(const Value& value);
[[nodiscard]] bool is_null(const Value& value);

/// The text of a scalar as JSON would write it without quotes: true, 5, 0.5, abc, 10.0.0.1.
[[nodiscard]] std::string to_text(const Scalar& scalar);
[[nodiscard]] std::string to_text(const Value& value);  ///< null gives ""

/// Total order over values for deterministic output: null first, then by kind, then by value (strings by bytes).
[[nodiscard]] int compare_values(const Value& a, const Value& b);
/// By compare_values, each value once.
void sort_distinct(Values& values);

/// The one canonical byte form of typed values, used for group keys, spill files and signal ids: distinct values give
/// distinct bytes (null is not "null", 5 is not "5", ["a","b"] is not ["ab"]), equal values equal bytes on every
/// machine, and memcmp of two encodings is a total order. -0.0 is written as 0.0.
void append_canonical(std::string& out, const Value& value);
/// The same bytes as of the value that the scalar is a view of.
void append_canonical_scalar(std::string& out, const Scalar& scalar);
/// Reads one value back and advances `bytes`; false on damaged input.
[[nodiscard]] bool read_canonical(std::string_view& bytes, Value& value);
/// Advances `bytes` over one value; false if reading it would be.
[[nodiscard]] bool skip_canonical(std::string_view& bytes);

}  // namespace trailhound
