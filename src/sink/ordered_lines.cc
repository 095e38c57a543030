#include "sink/ordered_lines.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace trailhound::sink {

OrderedLines::OrderedLines(const SpillSorter::Options& options)
    : sorters_([options] { return std::make_unique<SpillSorter>(options); }) {}

Status OrderedLines::add(const signal::Signal& signal, std::string_view line) {
  std::string key;
  append_canonical(key, Value(signal.first_seen.micros));
  append_canonical(key, Value(signal.rule->id));
  append_canonical(key, Value(signal.id));
  return sorters_.borrow()->add(key, line);
}

Status OrderedLines::drain(const std::function<void(std::string_view)>& write) {
  std::vector<SpillSorter> sorters;
  for (const auto& sorter : sorters_.all()) sorters.push_back(std::move(*sorter));
  TRY(auto merged, SpillSorter::merge(std::move(sorters)));
  while (true) {
    TRY(const auto item, merged.next());
    if (!item) return {};
    write(item->payload);
  }
}

}  // namespace trailhound::sink
