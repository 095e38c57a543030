#pragma once
/// A signal as documents: what rules over signals read of it. docs/architecture.md says what they hold and why.
///
///     for (const SignalDocument& document : documents_of(rule, of_rule, carried, episode, origin)) ...
///
/// A signal is one document. A sequence gives one more for each of its events, as Elastic does: building blocks, which
/// share `kibana.alert.group.id` with it.

#include <set>
#include <string>
#include <vector>

#include "engine/episode.h"
#include "event/signal_fields.h"
#include "rule/rule.h"
#include "signal/signal.h"

namespace trailhound::signal {

/// What a signal comes from, as far as its rule does not say.
struct Origin {
  std::int64_t depth = 0;            ///< of the deepest signal behind it; 0: events alone
  std::vector<std::string> signals;  ///< ids of the signals behind it
};

struct SignalDocument {
  std::string id;  ///< the signal's; a building block has its number behind it, "ID/0"
  Instant time;    ///< when the signal could be known: the time of the event or of the run that made it
  event::DocumentFields fields;
};

/// `of_rule` is what rule::fields_of_rule gives. `carried` says what the cells of `episode.carried` are. The documents
/// tell the state in which the signal opened. `made` is the episode's signal, if the caller has it. Fields that are not
/// among `names` may be missing (null: all are there).
[[nodiscard]] std::vector<SignalDocument> documents_of(const rule::RuleRef& rule, const event::DocumentFields& of_rule,
                                                       const std::vector<rule::Attribute>& carried,
                                                       const engine::EpisodeRecord& episode, const Origin& origin,
                                                       const Signal* made = nullptr,
                                                       const std::set<std::string, std::less<>>* names = nullptr);

}  // namespace trailhound::signal
