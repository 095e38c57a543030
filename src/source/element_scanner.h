#pragma once
/// The exact side of cutting: where one JSON value ends, and where to go on after a broken one. Internal to src/source.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "source/record_source.h"

namespace trailhound::source {

/// JSON's white space.
[[nodiscard]] std::size_t skip_space(std::string_view text, std::size_t at);

struct ElementEnd {
  enum class Kind {
    complete,  ///< `at` is behind the value
    broken,    ///< the grammar is violated at `at`
    open,      ///< the text ends inside the value
  };
  Kind kind = Kind::open;
  std::size_t at = 0;
};
/// Scans the value that begins at `begin` (no white space in front). Checks the grammar of structure and strings, not
/// the spelling of numbers and literals. Depth at most 1024; deeper is broken.
[[nodiscard]] ElementEnd scan_element(std::string_view text, std::size_t begin);

/// The elements of a stretch of text at the level of an array (or of a sequence of root values).
struct Elements {
  std::vector<RecordRange> ranges;
  std::size_t rest = 0;  ///< what begins here needs more text (the text's end if nothing does)
  bool closed = false;   ///< an array's closing bracket stands at `rest`
};
/// Bytes that may be scanned more than once in `size` bytes of text, so that hostile text costs linear time.
[[nodiscard]] constexpr std::size_t rescans_of(std::size_t size) { return 16 * size + 4096; }
struct SplitRules {
  bool more_may_follow = false;  ///< an unfinished last element is left as the rest instead of being reported broken
  bool stop_at_close = false;    ///< a "]" between elements ends the array
  std::size_t enough = std::string_view::npos;  ///< behind a complete one, those that begin from here on are the rest
  std::size_t most = std::string_view::npos;    ///< elements; what follows is the rest
};
/// `rescans_left` are the bytes that may still be scanned again behind broken elements; those that are get taken off.
[[nodiscard]] Elements split_elements(std::string_view text, std::size_t begin, std::size_t end, SplitRules rules,
                                      std::size_t& rescans_left);

/// The next place behind `from` where a record seems to start: `{"eventVersion"`; or, behind a separator,
/// `{"<first_key>"` or a whole object that mentions eventVersion. npos if there is none. `budget` bounds the bytes
/// scanned in vain.
[[nodiscard]] std::size_t find_record_start(std::string_view text, std::size_t from, std::string_view first_key,
                                            std::size_t& budget);
/// The first key of the object at `begin`, or "".
[[nodiscard]] std::string_view first_key_of(std::string_view text, std::size_t begin);

}  // namespace trailhound::source
