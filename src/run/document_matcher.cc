#include "run/document_matcher.h"

#include "engine/compiled_rules.h"
#include "run/rule_sides.h"

namespace trailhound::run {

std::shared_ptr<const engine::CompiledRules> DocumentRules::compiled() {
  std::call_once(once_, [this] { compiled_ = engine::compile(over_documents(rules_)); });
  return compiled_;
}

void DocumentMatcher::match(event::Batch& batch, engine::HitSink& sink) {
  if (!matcher_) matcher_.emplace(rules_->compiled());
  matcher_->match(batch, sink);
}

void DocumentMatcher::harvest() {
  if (matcher_) matcher_->harvest();
}

void DocumentMatcher::add_to(std::vector<std::vector<engine::QueryReach>>& reach, std::vector<std::uint64_t>& warnings,
                             std::vector<std::uint64_t>& capped_groups) const {
  if (!matcher_) return;
  const auto add_up = [](std::vector<std::uint64_t>& into, const std::vector<std::uint64_t>& from) {
    for (std::size_t i = 0; i < into.size() && i < from.size(); ++i) into[i] += from[i];
  };
  add_up(warnings, matcher_->warnings());
  add_up(capped_groups, matcher_->capped_groups());
  engine::merge_reach(reach, matcher_->reach());
}

}  // namespace trailhound::run
