#pragma once
/// The calls of the background, with the shapes that their records really have, the most frequent first.

#include <cstddef>
#include <string_view>

namespace trailhound::synth {

struct Call {
  std::string_view service;  ///< without ".amazonaws.com"
  std::string_view name;
  bool read_only;
  /// JSON with placeholders: $B bucket, $I instance, $H 32 hex digits, $N small number, $A account, $R region, $K key
  /// alias, $P path. "null" where CloudTrail writes null.
  std::string_view request;
  std::string_view response;
};

[[nodiscard]] std::size_t call_count();
[[nodiscard]] const Call& call(std::size_t index);

}  // namespace trailhound::synth
