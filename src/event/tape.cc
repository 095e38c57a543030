#include "event/tape.h"

#include <simdjson.h>

namespace trailhound::event {

Tape Tape::of(const json::Value& value) {
  const auto& document = *static_cast<const simdjson::dom::document*>(value.document());
  return {document.tape.get(), document.string_buf.get()};
}

Scalar Tape::scalar(std::size_t at) const {
  switch (kind(at)) {
    case 'l':
      return static_cast<std::int64_t>(words_[at + 1]);
    case 'u':
      return static_cast<double>(words_[at + 1]);
    case 'd': {
      double d;
      std::memcpy(&d, &words_[at + 1], sizeof d);
      return d;
    }
    case 't':
      return true;
    case 'f':
      return false;
    default:
      return text(at);
  }
}

}  // namespace trailhound::event
