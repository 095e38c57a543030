#pragma once
/// From episodes to signals. Signals, what rules over signals read of them, and what the sinks make of them beforehand
/// come to be on the threads that evaluate; then one after the other is shown to the rules above and given out.
///
///     SignalMaker maker(rules, feed, options.filter, sinks);
///     maker.begin_stratum(0);
///     TRY(auto reports, evaluate(rules, hits, frontier, maker, threads));
///     TRY_VOID(maker.status());

#include <cstdint>
#include <map>
#include <memory>
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
  [[nodiscard]] std::unique_ptr<Prepared> prepare(engine::EpisodeRecord&& episode) const override;
  /// False once a signal could not be given out.
  [[nodiscard]] bool take(Prepared& prepared) override;
  /// The first error in giving out signals.
  [[nodiscard]] const Status& status() const { return status_; }

  /// Signals that were given out, by severity.
  [[nodiscard]] const std::map<plan::Severity, std::uint64_t>& given_out() const { return given_out_; }
  /// Signals that the filter left out.
  [[nodiscard]] std::uint64_t filtered() const { return filtered_; }

 private:
  struct Made;

  [[nodiscard]] Status give_out(Made& made);

  const std::vector<rule::RuleRef>& rules_;
  SignalFeed& feed_;
  const SignalFilter& filter_;
  const std::vector<sink::Sink*>& sinks_;
  unsigned stratum_ = 0;
  std::map<plan::Severity, std::uint64_t> given_out_;
  std::uint64_t filtered_ = 0;
  Status status_;
};

}  // namespace trailhound::run
