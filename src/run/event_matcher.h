#pragma once
/// Matches the batches of one worker: records as they are, Elastic documents (Batch::elastic_documents) with rules that
/// read what the document says. Inside src/run only.
///
///     const auto matching = std::make_shared<EventRules>(rules);   // one for all workers
///     EventMatcher matcher(matching);                              // one a worker
///     matcher.match(batch, sink);
///
/// Most scans meet no documents, so the rules are compiled for them when the first one comes, once for all workers.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/matcher.h"
#include "rule/rule.h"

namespace trailhound::run {

/// Rules as matchers take them. Shared by the workers; thread-safe.
class EventRules {
 public:
  explicit EventRules(std::vector<rule::RuleRef> rules);
  [[nodiscard]] const std::shared_ptr<const engine::CompiledRules>& over_records() const { return over_records_; }
  /// Compiled at the first call.
  [[nodiscard]] std::shared_ptr<const engine::CompiledRules> over_documents();
  /// Whether the reader of the records has to keep their facets.
  [[nodiscard]] bool keeps_facets() const;

 private:
  std::vector<rule::RuleRef> rules_;
  std::shared_ptr<const engine::CompiledRules> over_records_;
  std::once_flag once_;
  std::shared_ptr<const engine::CompiledRules> over_documents_;
};

/// As engine::Matcher; one a worker.
class EventMatcher {
 public:
  explicit EventMatcher(std::shared_ptr<EventRules> rules);

  void match(event::Batch& batch, engine::HitSink& sink);
  void harvest();
  [[nodiscard]] std::vector<std::vector<engine::QueryReach>> reach() const;
  [[nodiscard]] std::vector<std::uint64_t> warnings() const;
  [[nodiscard]] std::vector<std::uint64_t> capped_groups() const;

 private:
  std::shared_ptr<EventRules> rules_;
  engine::Matcher records_;
  std::optional<engine::Matcher> documents_;
};

}  // namespace trailhound::run
