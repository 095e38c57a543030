#pragma once
/// From the first elements of a file: is this CloudTrail, and in which form? Internal to src/source.

#include <string>
#include <string_view>
#include <vector>

#include "base/ledger.h"

namespace trailhound::source {

struct Recognition {
  bool readable = false;                          ///< records, or envelopes of records
  bool certain = false;                           ///< false: further elements could still change it
  FileOutcome outcome = FileOutcome::unreadable;  ///< of the file, if not readable
  std::string form;
  std::string reason;
};

/// Elements that are looked at before a file is given up.
inline constexpr std::size_t kElementsTried = 64;

/// True if the text, which may be broken JSON or a part of it, names what every record has.
[[nodiscard]] bool looks_like_record(std::string_view text);

/// `all` says that these are all the elements of the file. Readable is what has at least one element with records, or
/// only elements that are set aside so far while more follow (a stream that begins with control messages). A broken
/// record is one: it has to be accounted for.
[[nodiscard]] Recognition recognise(const std::vector<std::string_view>& elements, bool all);

}  // namespace trailhound::source
