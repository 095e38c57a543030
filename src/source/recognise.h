#pragma once
/// From the first elements of a file: is this CloudTrail, and in which form? Internal to src/source.
///
///     Recogniser recogniser;
///     for (const std::string_view element : elements) {
///       if (recogniser.look_at(element)) break;
///     }
///     const Recognition found = recogniser.result(all);

#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/ledger.h"
#include "source/record_source.h"

namespace trailhound::source {

struct Recognition {
  bool readable = false;                          ///< records, or envelopes of records
  FileOutcome outcome = FileOutcome::unreadable;  ///< of the file, if not readable
  std::string form;
  std::string reason;
};

/// Elements that are looked at before a file is given up.
inline constexpr std::size_t kElementsTried = 64;

/// True if the text, which may be broken JSON or a part of it, names what every record has.
[[nodiscard]] bool looks_like_record(std::string_view text);

class Recogniser {
 public:
  /// Looks at the next element, unless enough were looked at. True once further ones change nothing.
  bool look_at(std::string_view element);
  /// `all` says that these were all the elements of the file. Readable is what has at least one element with records,
  /// or only elements that are set aside so far while more follow (a stream that begins with control messages). A
  /// broken record is one: it has to be accounted for.
  [[nodiscard]] Recognition result(bool all) const;

 private:
  json::Document document_;
  std::size_t looked_at_ = 0;
  std::optional<Unwrapped> records_, aside_, not_read_, unknown_;  ///< the first of each kind
};

}  // namespace trailhound::source
