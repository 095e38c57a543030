#include "run/signal_maker.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "run/signal_lineage.h"

namespace trailhound::run {

namespace {

constexpr std::size_t kBytesOfSignal = 16 * 1024;  // what its JSON takes, and more than most take

}  // namespace

struct SignalMaker::Made : Prepared {
  signal::Signal signal;
  std::optional<SignalFeed::Fed> fed;
  bool admitted = false;
  std::vector<std::optional<std::string>> forms;  // one a sink, of what is admitted
};

SignalMaker::SignalMaker(const std::vector<rule::RuleRef>& rules, SignalFeed& feed, const SignalFilter& filter,
                         const std::vector<sink::Sink*>& sinks)
    : rules_(rules), feed_(feed), filter_(filter), sinks_(sinks) {}

std::unique_ptr<SignalMaker::Prepared> SignalMaker::prepare(engine::EpisodeRecord&& episode) const {
  auto made = std::make_unique<Made>();
  const signal::Origin origin = unfold(episode);
  made->signal = signal::make_signal(rules_[episode.rule], episode);
  made->fed = feed_.prepare(stratum_, episode, origin, made->signal);
  made->signal.signals = origin.signals;
  made->admitted = filter_.admits(made->signal);
  if (made->admitted) {
    for (const sink::Sink* sink : sinks_) made->forms.push_back(sink->prepare(made->signal));
  }
  // What nobody needs any more is freed where it was made.
  if (std::ranges::all_of(made->forms, &std::optional<std::string>::has_value)) leave_head(made->signal);
  for (const auto& form : made->forms) made->bytes += form ? form->size() : kBytesOfSignal;
  return made;
}

bool SignalMaker::take(Prepared& prepared) {
  auto& made = static_cast<Made&>(prepared);
  if (made.fed) status_ = feed_.add(stratum_, *std::move(made.fed));
  if (status_) status_ = give_out(made);
  return status_.has_value();
}

Status SignalMaker::give_out(Made& made) {
  if (!made.admitted) {
    ++filtered_;
    return {};
  }
  ++given_out_[made.signal.severity];
  Status given;
  for (std::size_t i = 0; given && i < sinks_.size(); ++i) {
    auto& form = made.forms[i];
    given = form ? sinks_[i]->add_prepared(made.signal, *form) : sinks_[i]->add(made.signal);
  }
  return given;
}

}  // namespace trailhound::run
