#pragma once
/// The inside of HitCollector, for evaluate. Inside src/engine only.

#include <string>
#include <vector>

#include "base/spill_sorter.h"
#include "engine/state.h"

namespace trailhound::engine {

struct HitCollector::Impl {
  Impl(std::vector<rule::RuleRef> rule_set, SpillSorter::Options options)
      : rules(std::move(rule_set)), sorter(std::move(options)) {}

  std::vector<rule::RuleRef> rules;
  SpillSorter sorter;
  Status status;
  std::string key, payload;  // buffers, kept for their memory
};

struct CollectorAccess {
  static SpillSorter take_sorter(HitCollector& collector) { return std::move(collector.impl_->sorter); }
};

}  // namespace trailhound::engine
