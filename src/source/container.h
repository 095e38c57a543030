#pragma once
/// Finds the array of records inside a root object: {"Records":[...]}, {"Events":[...]}, {"hits":{"hits":[...]}}.
/// Internal to src/source.

#include <cstddef>
#include <string>
#include <string_view>

namespace trailhound::source {

/// The form of CloudTrail's digest files.
inline constexpr std::string_view kDigestForm = "digest";

struct ObjectWalk {
  enum class Kind {
    element,    ///< the object has no array of records; `at` is behind it
    container,  ///< `at` is behind the opening bracket of the array, inside `depth` objects
    foreign,    ///< the object is something known that holds no events: `reason`
    open,       ///< the text ends before this is known
    broken,     ///< the grammar is violated at `at`
  };
  Kind kind = Kind::open;
  std::size_t at = 0;
  int depth = 0;
  std::string key;     ///< of the array
  std::string form;    ///< of what is foreign
  std::string reason;  ///< why it is foreign
};

/// Walks the object that begins at `begin`.
[[nodiscard]] ObjectWalk walk_object(std::string_view text, std::size_t begin);
/// Goes on behind a member's value, inside `depth` objects: finds the next array of records, or with Kind::element the
/// end of the outermost object.
[[nodiscard]] ObjectWalk walk_on(std::string_view text, std::size_t at, int depth);

}  // namespace trailhound::source
