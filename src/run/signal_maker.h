#pragma once
/// From episodes to signals, which are shown to the rules above and given out, all on the threads that evaluate.
///
///     SignalMaker maker(rules, feed, options.filter, sinks);
///     maker.begin_stratum(0);
///     TRY(auto reports, evaluate(rules, hits, frontier, maker, threads));
///     TRY_VOID(maker.status());

#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "engine/state.h"
#include "run/signal_feed.h"
#include "run/signal_filter.h"
#include "signal/signal.h"
#include "sink/sink.h"

namespace trailhound::run {

class SignalMaker final : public engine::EpisodeTaker {
 public:
  /// All of them must outlive it.
  SignalMaker(const std::vector<rule::RuleRef>& rules, SignalFeed& feed, const SignalFilter& filter,
              const std::vector<sink::Sink*>& sinks);

  void begin_stratum(unsigned stratum) { stratum_ = stratum; }
  /// False once a signal could not be given out.
  [[nodiscard]] bool take(engine::EpisodeRecord&& episode) override;
  /// The first error in giving out signals.
  [[nodiscard]] const Status& status() const { return status_; }

  /// Signals that were given out, by severity.
  [[nodiscard]] const std::map<plan::Severity, std::uint64_t>& given_out() const { return given_out_; }
  /// Signals that the filter left out.
  [[nodiscard]] std::uint64_t filtered() const { return filtered_; }

 private:
  [[nodiscard]] Status give_out(const signal::Signal& made);
  /// Notes a failure; false from then on.
  bool go_on(Status done);

  const std::vector<rule::RuleRef>& rules_;
  SignalFeed& feed_;
  const SignalFilter& filter_;
  const std::vector<sink::Sink*>& sinks_;
  unsigned stratum_ = 0;
  std::mutex mutex_;  // of all below, and of sinks that take one signal at a time
  std::map<plan::Severity, std::uint64_t> given_out_;
  std::uint64_t filtered_ = 0;
  Status status_;
};

}  // namespace trailhound::run
