#include "engine/evaluation_warnings.h"

#include <algorithm>

namespace trailhound::engine {

std::string_view message_of(Failure failure) {
  switch (failure) {
    case Failure::several_values:
      return "single-value function encountered multi-value";
    case Failure::overflow:
      return "overflow";
    case Failure::division_by_zero:
      return "/ by zero";
    case Failure::not_finite:
      return "not a finite double number";
    case Failure::conversion:
      return "the value cannot be converted";
    case Failure::argument:
      return "an argument is out of its range";
  }
  return {};
}

EvaluationWarnings::Entry* EvaluationWarnings::entry_of(LineColumn at, std::uint32_t length) {
  const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
    return entry.at.line == at.line && entry.at.column == at.column && entry.length == length;
  });
  if (found != entries_.end()) return &*found;
  if (entries_.size() >= kMostEntries) return nullptr;
  return &entries_.emplace_back(Entry{.at = at, .length = length, .count = 0, .messages = {}});
}

void EvaluationWarnings::keep(Entry& entry, std::string_view message) {
  if (entry.messages.size() >= kMostMessages) return;
  if (std::ranges::find(entry.messages, message) == entry.messages.end()) entry.messages.emplace_back(message);
}

void EvaluationWarnings::add(LineColumn at, std::uint32_t length, Failure failure, std::string_view message) {
  Entry* entry = entry_of(at, length);
  if (entry == nullptr) return;
  ++entry->count;
  keep(*entry, message.empty() ? message_of(failure) : message);
}

void EvaluationWarnings::append(const EvaluationWarnings& other) {
  for (const Entry& theirs : other.entries_) {
    Entry* entry = entry_of(theirs.at, theirs.length);
    if (entry == nullptr) return;
    entry->count += theirs.count;
    for (const std::string& message : theirs.messages) keep(*entry, message);
  }
}

}  // namespace trailhound::engine
