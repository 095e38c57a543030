#pragma once
/// From episodes to signals, in order: the signals of many episodes are made at a time, on all processors, then one
/// after the other is shown to the rules above and given out.
///
///     SignalMaker maker(rules, feed, threads, [&](signal::Signal&& made) -> Status { ... });
///     maker.begin_stratum(0);
///     evaluate(..., [&](EpisodeRecord&& episode) { return maker.take(std::move(episode)); }, ...);
///     TRY_VOID(maker.finish_stratum());
///
/// Holds at most kAtOnce episodes. Not thread-safe.

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "base/result.h"
#include "engine/episode.h"
#include "run/signal_feed.h"
#include "signal/signal.h"

namespace trailhound::run {

class SignalMaker {
 public:
  using GiveOut = std::function<Status(signal::Signal&& made)>;

  /// Rules and feed must outlive it.
  SignalMaker(const std::vector<rule::RuleRef>& rules, SignalFeed& feed, unsigned threads, GiveOut give_out);

  void begin_stratum(unsigned stratum) { stratum_ = stratum; }
  /// False once a signal could not be given out.
  bool take(engine::EpisodeRecord&& episode);
  /// Gives out what is still held. The first error of the stratum.
  [[nodiscard]] Status finish_stratum();

 private:
  static constexpr std::size_t kAtOnce = 256;
  static constexpr std::size_t kFew = 16;  // episodes that are not worth a thread

  struct Made {
    signal::Signal signal;
    std::optional<SignalFeed::Fed> fed;
  };

  void give_out_all();
  void make_all();
  [[nodiscard]] Made make(engine::EpisodeRecord&& episode) const;

  const std::vector<rule::RuleRef>& rules_;
  SignalFeed& feed_;
  unsigned threads_;
  GiveOut give_out_;
  unsigned stratum_ = 0;
  std::vector<engine::EpisodeRecord> episodes_;
  std::vector<Made> made_;
  Status status_;
};

}  // namespace trailhound::run
