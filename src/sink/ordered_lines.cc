#include "sink/ordered_lines.h"

#include <string>

namespace trailhound::sink {

Status OrderedLines::add(const signal::Signal& signal, std::string_view line) {
  std::string key;
  append_canonical(key, Value(signal.first_seen.micros));
  append_canonical(key, Value(signal.rule->id));
  append_canonical(key, Value(signal.id));
  return sorter_.add(key, line);
}

Status OrderedLines::drain(const std::function<void(std::string_view)>& write) {
  TRY(auto merged, sorter_.finish());
  while (true) {
    TRY(const auto item, merged.next());
    if (!item) return {};
    write(item->payload);
  }
}

}  // namespace trailhound::sink
