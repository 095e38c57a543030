#include "run/signal_feed.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rule/fields_of_rule.h"
#include "run/signal_lineage.h"

namespace trailhound::run {
namespace {

/// Who, where from and how it ended, of all events together. A signal has one outcome if its events have.
engine::Profile profile_of(const engine::EpisodeRecord& episode) {
  using Outcome = engine::Profile::Outcome;
  const auto first = [](const engine::DistinctTexts& list) {
    return list.texts.empty() ? std::string() : list.texts.front();
  };
  engine::Profile profile{.principal = first(episode.principals),
                          .account = first(episode.accounts),
                          .region = first(episode.regions),
                          .source_ip = first(episode.source_ips),
                          .user_agent = first(episode.user_agents),
                          .event_name = first(episode.event_names)};
  for (const Outcome outcome : {Outcome::denied, Outcome::failed}) {
    const std::uint64_t count = episode.outcomes[static_cast<std::size_t>(outcome)];
    if (count > 0 && count == episode.event_count) profile.outcome = outcome;
  }
  return profile;
}

/// Makes hits over the documents of one signal what they are: hits of a signal, not of a record.
class HitsOfSignal final : public engine::HitSink {
 public:
  HitsOfSignal(const std::vector<rule::RuleRef>& rules, std::vector<engine::HitCollector>& collectors,
               const engine::Profile& profile, const std::string& lineage)
      : rules_(rules), collectors_(collectors), profile_(profile), lineage_(lineage) {}

  void add(engine::Hit&& hit) override {
    hit.event_key = signal_event_key(hit.event_id);
    hit.profile = profile_;
    hit.path = lineage_;
    hit.offset = 0;
    collectors_[rules_[hit.rule]->stratum - 1].add(std::move(hit));
  }

 private:
  const std::vector<rule::RuleRef>& rules_;
  std::vector<engine::HitCollector>& collectors_;
  const engine::Profile& profile_;
  const std::string& lineage_;
};

}  // namespace

SignalFeed::SignalFeed(const std::vector<rule::RuleRef>& rules, const event::Catalog& catalog,
                       SpillSorter::Options options)
    : rules_(rules), sides_(sides_of(rules, catalog)) {
  if (!sides_.over_signals.empty())
    options.budget = std::max<std::size_t>(options.budget / sides_.over_signals.size(), 1);
  for (const auto& side : sides_.over_signals) {
    matchers_.push_back(std::make_unique<engine::Matcher>(engine::compile(side)));
    collectors_.emplace_back(rules, options);
  }
  of_rules_.resize(sides_.feeding.size());
  batch_.dictionaries = &dictionaries_;
}

std::optional<SignalFeed::Fed> SignalFeed::prepare(unsigned stratum, const engine::EpisodeRecord& episode,
                                                   const signal::Origin& origin, const signal::Signal& made) const {
  if (stratum >= matchers_.size() || !sides_.feeding[episode.rule].feeds) return std::nullopt;
  const rule::RuleRef& rule = rules_[episode.rule];
  OfRule& of_rule = of_rules_[episode.rule];
  std::call_once(of_rule.once, [&] { of_rule.fields = rule::fields_of_rule(*rule).only(sides_.read_of_signals); });
  const bool is_sequence = std::holds_alternative<plan::Sequence>(rule->plan.op);
  return Fed{.time = episode.trigger_time,
             .documents = signal::documents_of(rule, of_rule.fields, sides_.feeding[episode.rule].carried, episode,
                                               origin, &made, &sides_.read_of_signals),
             .profile = profile_of(episode),
             .lineage = pack_lineage(origin.depth + (is_sequence ? 2 : 1), episode.evidence)};
}

Status SignalFeed::add(unsigned stratum, Fed&& fed) {
  batch_.arena.reset();
  batch_.documents.clear();
  batch_.event_ids.clear();
  for (signal::SignalDocument& document : fed.documents) {
    batch_.documents.push_back(std::move(document.fields));
    batch_.event_ids.push_back(document.id);
  }
  const std::size_t rows = fed.documents.size();
  batch_.times.assign(rows, fed.time);
  batch_.ids.assign(rows, Hash128{});
  for (auto& codes : batch_.hot) codes.assign(rows, event::CellDictionary::kAbsent);
  batch_.roots.assign(rows, json::Value());
  batch_.identities.assign(rows, json::Value());
  newest_ = std::max(newest_.value_or(Instant::min()), fed.time);
  HitsOfSignal sink(rules_, collectors_, fed.profile, fed.lineage);
  matchers_[stratum]->match(batch_, sink);
  for (const engine::HitCollector& collector : collectors_) TRY_VOID(collector.status());
  return {};
}

std::optional<engine::HitCollector> SignalFeed::take_hits(unsigned stratum) {
  if (stratum == 0 || stratum > collectors_.size()) return std::nullopt;
  engine::HitCollector& collector = collectors_[stratum - 1];
  collector.sort();
  // The place stays, empty: what is added later belongs to higher strata.
  return std::exchange(collector, engine::HitCollector(rules_, {}));
}

std::vector<std::vector<engine::QueryReach>> SignalFeed::reach() const {
  std::vector<std::vector<engine::QueryReach>> merged(matchers_.empty() ? 0 : rules_.size());
  for (std::size_t stratum = 0; stratum < matchers_.size(); ++stratum) {
    auto reach = matchers_[stratum]->reach();
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      // A rule that this matcher is not for has other conditions there.
      if (!rules_[i]->reads_signals || rules_[i]->stratum <= stratum) continue;
      std::vector<std::vector<engine::QueryReach>> into;
      if (stratum > 0) into.push_back(std::move(merged[i]));
      engine::merge_reach(into, {std::move(reach[i])});
      merged[i] = std::move(into.front());
    }
  }
  return merged;
}

std::vector<std::uint64_t> SignalFeed::warnings() const {
  std::vector<std::uint64_t> sum;
  for (const auto& matcher : matchers_) engine::merge_counts(sum, matcher->warnings());
  return sum;
}

std::vector<std::uint64_t> SignalFeed::capped_groups() const {
  std::vector<std::uint64_t> sum;
  for (const auto& matcher : matchers_) engine::merge_counts(sum, matcher->capped_groups());
  return sum;
}

}  // namespace trailhound::run
