#pragma once
/// The inside of HitCollector, for evaluate. Inside src/engine only.

#include <string>
#include <vector>

#include "base/spill_sorter.h"
#include "engine/hit_texts.h"
#include "engine/state.h"

namespace trailhound::engine {

struct HitCollector::Impl {
  Impl(std::vector<rule::RuleRef> rule_set, SpillSorter::Options options)
      : rules(std::move(rule_set)),
        sorter({.budget = options.budget - options.budget / 8, .folder = std::move(options.folder)}),
        texts(options.budget / 8) {}

  std::vector<rule::RuleRef> rules;
  SpillSorter sorter;
  HitTexts texts;  ///< of the hits in the sorter
  Status status;
  std::string key, payload;  // buffers, kept for their memory
};

struct CollectorAccess {
  static SpillSorter take_sorter(HitCollector& collector) { return std::move(collector.impl_->sorter); }
  static HitTexts take_texts(HitCollector& collector) { return std::move(collector.impl_->texts); }
};

}  // namespace trailhound::engine
