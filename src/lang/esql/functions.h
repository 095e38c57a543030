#pragma once
/// The functions of ES|QL as a table: names, argument classes, results. Adding one is a row in functions.cc; whether
/// a rule can use it is decided by the lowering.
///
/// Signatures are written with one letter an argument:
///
///     s string   n number   w whole number   j integer   d date   p time span   i ip   b boolean   v version
///     m l: n and w without unsigned_long   y: l or date   k geo_point
///     a anything with values   o anything with an order   g anything for which only presence matters
///     h z: o without unsigned_long; without boolean   x: h without date_nanos and version
///     q time span or number   t time span or its text
///     ! after a letter: must be constant   ? the rest may be left out (in front: the first)   * the last may repeat
///
/// and the result as a letter (s n: double is 'r', integer 'I', long 'L'), or 1..3: the type of that argument.

#include <cstdint>
#include <string_view>
#include <vector>

namespace trailhound::esql {

enum class FunctionKind : std::uint8_t {
  scalar,
  aggregate,    ///< only in STATS
  grouping,     ///< only in BY: BUCKET
  search,       ///< MATCH, KQL: bound to the source
  conditional,  ///< CASE: conditions and values in turn
  coalesce,     ///< values of one type, which the result has: COALESCE, GREATEST, CLAMP
  conversion,   ///< TO_X
};

struct FunctionSignature {
  std::string_view name;
  FunctionKind kind;
  std::string_view arguments;
  std::string_view result;
};

/// By lower-case name, aliases included; null if there is none.
[[nodiscard]] const FunctionSignature* find_function(std::string_view name);
[[nodiscard]] std::vector<std::string_view> function_names();
/// Functions of Elasticsearch that are left out: shapes and grids, vectors, metrics over time, scores, ranges.
[[nodiscard]] bool is_left_out(std::string_view name);

}  // namespace trailhound::esql
