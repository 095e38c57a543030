#pragma once
/// Why parts of an expression gave null although their operands had values, and where in the query they stand: what
/// Elastic reports as warnings beside a result.
///
///     EvaluationWarnings warnings;
///     EvaluationContext context{..., .failures = &warnings};
///     ...
///     for (const auto& entry : warnings.entries()) print(entry.at, entry.count, entry.messages);
///
/// A context without one only counts. Bounded: kMostEntries places, kMostMessages different messages each.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostics.h"

namespace trailhound::engine {

enum class Failure : std::uint8_t {
  several_values,    ///< a function of single values met a multi-value
  overflow,          ///< beyond the range of the result's type
  division_by_zero,  ///< also modulo
  not_finite,        ///< NaN or an infinity
  conversion,        ///< the value cannot be read as the type wanted
  argument,          ///< an argument that the function does not take: a bad pattern, a negative count
};
/// "single-value function encountered multi-value" and so on: the message where a kernel gives none of its own.
[[nodiscard]] std::string_view message_of(Failure failure);

class EvaluationWarnings {
 public:
  static constexpr std::size_t kMostEntries = 1000;
  static constexpr std::size_t kMostMessages = 20;

  struct Entry {
    LineColumn at;             ///< of the expression that failed, in the query
    std::uint32_t length = 0;  ///< of its text, in bytes; 0: unknown
    std::uint64_t count = 0;
    std::vector<std::string> messages;  ///< different ones, in order of finding
  };

  /// An empty message stands for message_of(failure).
  void add(LineColumn at, std::uint32_t length, Failure failure, std::string_view message = {});
  void append(const EvaluationWarnings& other);
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }  ///< in order of finding

 private:
  Entry* entry_of(LineColumn at, std::uint32_t length);
  static void keep(Entry& entry, std::string_view message);

  std::vector<Entry> entries_;
};

}  // namespace trailhound::engine
