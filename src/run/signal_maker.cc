#include "run/signal_maker.h"

#include <utility>

#include "run/signal_lineage.h"

namespace trailhound::run {

SignalMaker::SignalMaker(const std::vector<rule::RuleRef>& rules, SignalFeed& feed, const SignalFilter& filter,
                         const std::vector<sink::Sink*>& sinks)
    : rules_(rules), feed_(feed), filter_(filter), sinks_(sinks) {}

bool SignalMaker::take(engine::EpisodeRecord&& episode) {
  const signal::Origin origin = unfold(episode);
  signal::Signal made = signal::make_signal(rules_[episode.rule], episode);
  if (auto fed = feed_.add(stratum_, episode, origin, made); !fed) return go_on(std::move(fed));
  made.signals = origin.signals;
  return go_on(give_out(made));
}

Status SignalMaker::give_out(const signal::Signal& made) {
  const bool admitted = filter_.admits(made);
  {
    const std::lock_guard lock(mutex_);
    ++(admitted ? given_out_[made.severity] : filtered_);
  }
  if (!admitted) return {};
  for (sink::Sink* sink : sinks_) {
    std::unique_lock lock(mutex_, std::defer_lock);
    if (!sink->takes_several_at_a_time()) lock.lock();
    if (auto given = sink->add(made); !given) return given;
  }
  return {};
}

bool SignalMaker::go_on(Status done) {
  const std::lock_guard lock(mutex_);
  if (!done && status_) status_ = std::move(done);
  return status_.has_value();
}

}  // namespace trailhound::run
