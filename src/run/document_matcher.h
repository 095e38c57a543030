#pragma once
/// Matches batches with Elastic documents (Batch::elastic_documents). Most scans meet none, so the rules are compiled
/// for them when the first one comes, once for all workers. Inside src/run only.

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "engine/matcher.h"
#include "rule/rule.h"

namespace trailhound::run {

/// Shared by the workers; thread-safe.
class DocumentRules {
 public:
  /// Those that match records.
  explicit DocumentRules(std::vector<rule::RuleRef> rules) : rules_(std::move(rules)) {}
  [[nodiscard]] std::shared_ptr<const engine::CompiledRules> compiled();

 private:
  std::once_flag once_;
  std::vector<rule::RuleRef> rules_;
  std::shared_ptr<const engine::CompiledRules> compiled_;
};

/// One a worker.
class DocumentMatcher {
 public:
  explicit DocumentMatcher(std::shared_ptr<DocumentRules> rules) : rules_(std::move(rules)) {}

  void match(event::Batch& batch, engine::HitSink& sink);
  /// As Matcher's; nothing if no documents came.
  void harvest();
  /// Adds what it found out to what the matcher of records did, by rule.
  void add_to(std::vector<std::vector<engine::QueryReach>>& reach, std::vector<std::uint64_t>& warnings,
              std::vector<std::uint64_t>& capped_groups) const;

 private:
  std::shared_ptr<DocumentRules> rules_;
  std::optional<engine::Matcher> matcher_;
};

}  // namespace trailhound::run
