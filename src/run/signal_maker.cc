#include "run/signal_maker.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "run/signal_lineage.h"

namespace trailhound::run {

SignalMaker::SignalMaker(const std::vector<rule::RuleRef>& rules, SignalFeed& feed, unsigned threads, GiveOut give_out)
    : rules_(rules), feed_(feed), threads_(std::max(threads, 1u)), give_out_(std::move(give_out)) {}

bool SignalMaker::take(engine::EpisodeRecord&& episode) {
  episodes_.push_back(std::move(episode));
  if (episodes_.size() >= kAtOnce) give_out_all();
  return status_.has_value();
}

Status SignalMaker::finish_stratum() {
  give_out_all();
  return status_;
}

void SignalMaker::give_out_all() {
  make_all();
  for (Made& made : made_) {
    if (!status_) break;
    if (made.fed) status_ = feed_.add(stratum_, *std::move(made.fed));
    if (status_) status_ = give_out_(std::move(made.signal));
  }
  made_.clear();
  episodes_.clear();
}

void SignalMaker::make_all() {
  made_.resize(episodes_.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next.fetch_add(1); i < episodes_.size(); i = next.fetch_add(1)) {
      made_[i] = make(std::move(episodes_[i]));
    }
  };
  std::vector<std::jthread> threads;
  if (episodes_.size() >= kFew) {
    for (unsigned i = 1; i < threads_; ++i) threads.emplace_back(work);
  }
  work();
}

SignalMaker::Made SignalMaker::make(engine::EpisodeRecord&& episode) const {
  const signal::Origin origin = unfold(episode);
  Made made{signal::make_signal(rules_[episode.rule], episode), std::nullopt};
  made.fed = feed_.prepare(stratum_, episode, origin, made.signal);
  made.signal.signals = origin.signals;
  return made;
}

}  // namespace trailhound::run
