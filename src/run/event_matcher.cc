#include "run/event_matcher.h"

#include <utility>

#include "engine/compiled_rules.h"
#include "run/rule_sides.h"

namespace trailhound::run {

EventRules::EventRules(std::vector<rule::RuleRef> rules)
    : rules_(std::move(rules)), over_records_(engine::compile(rules_)) {}

std::shared_ptr<const engine::CompiledRules> EventRules::over_documents() {
  std::call_once(once_, [this] { over_documents_ = engine::compile(run::over_documents(rules_)); });
  return over_documents_;
}

bool EventRules::keeps_facets() const { return over_records_->keeps_facets(); }

EventMatcher::EventMatcher(std::shared_ptr<EventRules> rules)
    : rules_(std::move(rules)), records_(rules_->over_records()) {}

void EventMatcher::match(event::Batch& batch, engine::HitSink& sink) {
  if (batch.elastic_documents.empty()) {
    records_.match(batch, sink);
    return;
  }
  if (!documents_) documents_.emplace(rules_->over_documents());
  documents_->match(batch, sink);
}

void EventMatcher::harvest() {
  records_.harvest();
  if (documents_) documents_->harvest();
}

std::vector<std::vector<engine::QueryReach>> EventMatcher::reach() const {
  auto reach = records_.reach();
  if (documents_) engine::merge_reach(reach, documents_->reach());
  return reach;
}

std::vector<std::uint64_t> EventMatcher::warnings() const {
  auto warnings = records_.warnings();
  if (documents_) engine::merge_counts(warnings, documents_->warnings());
  return warnings;
}

std::vector<std::uint64_t> EventMatcher::capped_groups() const {
  auto capped = records_.capped_groups();
  if (documents_) engine::merge_counts(capped, documents_->capped_groups());
  return capped;
}

}  // namespace trailhound::run
