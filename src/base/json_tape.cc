#include "base/json_tape.h"

namespace trailhound::json {

Scalar Tape::scalar(std::size_t at) const {
  switch (kind(at)) {
    case 'l':
      return number<std::int64_t>(at);
    case 'u':
      return static_cast<double>(number<std::uint64_t>(at));
    case 'd':
      return number<double>(at);
    case 't':
      return true;
    case 'f':
      return false;
    default:
      return text(at);
  }
}

}  // namespace trailhound::json
