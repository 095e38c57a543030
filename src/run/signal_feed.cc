#include "run/signal_feed.h"

#include <algorithm>
#include <array>
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

  void add(const engine::HitView& hit) override {
    const std::string key = signal_event_key(hit.event_id);
    engine::HitView of_signal = hit;
    of_signal.event_key = key;
    of_signal.profile = engine::view_of(profile_);
    of_signal.path = lineage_;
    of_signal.offset = 0;
    collectors_[rules_[hit.rule]->stratum - 1].add(of_signal);
  }

 private:
  const std::vector<rule::RuleRef>& rules_;
  std::vector<engine::HitCollector>& collectors_;
  const engine::Profile& profile_;
  const std::string& lineage_;
};

}  // namespace

struct SignalFeed::Lane {
  std::vector<std::unique_ptr<engine::Matcher>> matchers;  // [stratum whose signals they look at]
  std::vector<engine::HitCollector> collectors;            // [stratum - 1]
  std::array<event::CellDictionary, event::kHotCount> dictionaries;
  event::Batch batch;
  std::optional<Instant> newest;
};

SignalFeed::SignalFeed(const std::vector<rule::RuleRef>& rules, const event::Catalog& catalog,
                       SpillSorter::Options options, unsigned threads)
    : rules_(rules),
      sides_(sides_of(rules, catalog)),
      options_(std::move(options)),
      lanes_([this] { return make_lane(); }) {
  for (const auto& side : sides_.over_signals) compiled_.push_back(engine::compile(side));
  const std::size_t collectors = std::max<std::size_t>(compiled_.size() * threads, 1);
  options_.budget = std::max<std::size_t>(options_.budget / collectors, 1);
  of_rules_.resize(sides_.feeding.size());
}

SignalFeed::~SignalFeed() = default;

std::unique_ptr<SignalFeed::Lane> SignalFeed::make_lane() const {
  auto lane = std::make_unique<Lane>();
  for (const auto& rules : compiled_) {
    lane->matchers.push_back(std::make_unique<engine::Matcher>(rules));
    lane->collectors.emplace_back(rules_, options_);
  }
  lane->batch.dictionaries = &lane->dictionaries;
  return lane;
}

std::vector<signal::SignalDocument> SignalFeed::documents_of(const engine::EpisodeRecord& episode,
                                                             const signal::Origin& origin,
                                                             const signal::Signal& made) const {
  const rule::RuleRef& rule = rules_[episode.rule];
  OfRule& of_rule = of_rules_[episode.rule];
  std::call_once(of_rule.once, [&] { of_rule.fields = rule::fields_of_rule(*rule, &sides_.read_of_signals); });
  return signal::documents_of(rule, of_rule.fields, sides_.feeding[episode.rule].carried, episode, origin, &made,
                              &sides_.read_of_signals);
}

Status SignalFeed::add(unsigned stratum, const engine::EpisodeRecord& episode, const signal::Origin& origin,
                       const signal::Signal& made) {
  if (stratum >= compiled_.size() || !sides_.feeding[episode.rule].feeds) return {};
  auto documents = documents_of(episode, origin, made);
  const std::size_t rows = documents.size();
  const bool is_sequence = std::holds_alternative<plan::Sequence>(rules_[episode.rule]->plan.op);
  const std::string lineage = pack_lineage(origin.depth + (is_sequence ? 2 : 1), episode.evidence);
  const engine::Profile profile = profile_of(episode);
  const auto lane = lanes_.borrow();
  event::Batch& batch = lane->batch;
  batch.arena.reset();
  batch.documents.clear();
  batch.event_ids.clear();
  for (signal::SignalDocument& document : documents) {
    batch.documents.push_back(std::move(document.fields));
    batch.event_ids.push_back(document.id);
  }
  batch.times.assign(rows, episode.trigger_time);
  batch.ids.assign(rows, Hash128{});
  for (auto& codes : batch.hot) codes.assign(rows, event::CellDictionary::kAbsent);
  batch.roots.assign(rows, json::Value());
  batch.identities.assign(rows, json::Value());
  lane->newest = std::max(lane->newest.value_or(Instant::min()), episode.trigger_time);
  HitsOfSignal sink(rules_, lane->collectors, profile, lineage);
  lane->matchers[stratum]->match(batch, sink);
  for (const engine::HitCollector& collector : lane->collectors) TRY_VOID(collector.status());
  return {};
}

std::vector<engine::HitCollector> SignalFeed::take_hits(unsigned stratum) {
  std::vector<engine::HitCollector> taken;
  if (stratum == 0 || stratum > compiled_.size()) return taken;
  for (const auto& lane : lanes_.all()) {
    engine::HitCollector& collector = lane->collectors[stratum - 1];
    collector.sort();
    // The place stays, empty: what is added later belongs to higher strata.
    taken.push_back(std::exchange(collector, engine::HitCollector(rules_, {})));
  }
  return taken;
}

std::optional<Instant> SignalFeed::newest() const {
  std::optional<Instant> newest;
  for (const auto& lane : lanes_.all()) newest = std::max(newest, lane->newest);
  return newest;
}

std::vector<std::vector<engine::QueryReach>> SignalFeed::reach() {
  if (lanes_.all().empty()) static_cast<void>(lanes_.borrow());  // there were no signals: nobody came far
  std::vector<std::vector<engine::QueryReach>> merged(compiled_.empty() ? 0 : rules_.size());
  for (const auto& lane : lanes_.all()) {
    for (std::size_t stratum = 0; stratum < compiled_.size(); ++stratum) {
      auto reach = lane->matchers[stratum]->reach();
      for (std::size_t i = 0; i < rules_.size(); ++i) {
        // A rule that this matcher is not for has other conditions there.
        if (!rules_[i]->reads_signals || rules_[i]->stratum <= stratum) continue;
        std::vector<std::vector<engine::QueryReach>> into;
        if (!merged[i].empty()) into.push_back(std::move(merged[i]));
        engine::merge_reach(into, {std::move(reach[i])});
        merged[i] = std::move(into.front());
      }
    }
  }
  return merged;
}

std::vector<std::uint64_t> SignalFeed::warnings() const {
  std::vector<std::uint64_t> sum;
  for (const auto& lane : lanes_.all()) {
    for (const auto& matcher : lane->matchers) engine::merge_counts(sum, matcher->warnings());
  }
  return sum;
}

std::vector<std::uint64_t> SignalFeed::capped_groups() const {
  std::vector<std::uint64_t> sum;
  for (const auto& lane : lanes_.all()) {
    for (const auto& matcher : lane->matchers) engine::merge_counts(sum, matcher->capped_groups());
  }
  return sum;
}

}  // namespace trailhound::run
