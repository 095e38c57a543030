#pragma once
/// What a group of a high_distinct_count job has learned from the counts of its active buckets; anomaly_job.h has the
/// formulas. A value. Inside src/engine only.
///
///     LearnedCount learned;
///     for (const double count : counts_of_buckets) learned.learn(count);
///     learned.score(x)      // 0 to 100: how unusual x distinct values in the next bucket are

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace trailhound::engine {

/// Active buckets that a group of an anomaly job learns from; it is judged when it has more of them behind it.
inline constexpr std::uint64_t kAnomalyLearning = 20;

/// The score by itself.
[[nodiscard]] double high_count_score(double count, double mean, double deviation);

class LearnedCount {
 public:
  [[nodiscard]] std::uint64_t buckets() const { return buckets_; }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] bool is_over() const { return buckets_ > kAnomalyLearning; }
  [[nodiscard]] double score(std::uint64_t count) const {
    return high_count_score(static_cast<double>(count), mean_, deviation());
  }
  /// Takes a bucket in, once learning is over at most three deviations above the mean (Welford).
  void learn(std::uint64_t in_bucket) {
    auto count = static_cast<double>(in_bucket);
    if (is_over()) count = std::min(count, mean_ + 3 * std::max(deviation(), std::sqrt(std::max(mean_, 1.0))));
    const double distance = count - mean_;
    ++buckets_;
    mean_ += distance / static_cast<double>(buckets_);
    squares_ += distance * (count - mean_);
  }

 private:
  [[nodiscard]] double deviation() const {
    return std::sqrt(squares_ / static_cast<double>(std::max<std::uint64_t>(buckets_, 1)));
  }

  std::uint64_t buckets_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // sum of squared deviations from the mean
};

}  // namespace trailhound::engine
