#include "engine/naive_operators.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "engine/naive_values.h"

namespace trailhound::engine::test {
namespace {

/// The hits of one group, cut into buckets; those without hits are not there.
class Buckets {
 public:
  Buckets(const plan::AnomalyJob& op, const std::vector<const Hit*>& hits) : op_(op) {
    for (const Hit* hit : hits) {
      const Instant start = floor_to(hit->time, op.bucket);
      if (starts_.empty() || starts_.back() != start) {
        starts_.push_back(start);
        hits_.emplace_back();
      }
      hits_.back().push_back(hit);
    }
  }

  std::vector<Alarm> judge() const {
    std::vector<Alarm> alarms;
    for (std::size_t b = kLearning + 1; b < hits_.size(); ++b) {
      if (op_.detector == plan::AnomalyJob::Detector::rare) {
        judge_rare(b, alarms);
      } else {
        judge_count(b, alarms);
      }
    }
    return alarms;
  }

 private:
  static constexpr std::size_t kLearning = 20;

  [[nodiscard]] const Values& cell(const Hit* hit) const { return hit->arguments[op_.argument]; }
  [[nodiscard]] bool has(const Hit* hit, const Value& value) const {
    return std::ranges::find(cell(hit), value) != cell(hit).end();
  }

  void judge_rare(std::size_t b, std::vector<Alarm>& alarms) const {
    std::set<std::string> judged;
    for (const Hit* hit : hits_[b]) {
      for (const Value& value : cell(hit)) {
        if (!judged.insert(bytes_of({value})).second) continue;
        double seen = 0;
        for (std::size_t before = 0; before < b; ++before) {
          seen += std::ranges::any_of(hits_[before], [&](const Hit* old) { return has(old, value); }) ? 1 : 0;
        }
        const double expected = (seen + 0.5) / (static_cast<double>(b) + 1);
        double score = 100;
        for (int i = 0; i < 12; ++i) score *= 1 - expected;
        if (score < op_.threshold) continue;
        Alarm alarm{hit->time, hit->time, hit->event_key, hit->group, {}, {}};
        alarm.group.push_back(value);
        for (const Hit* other : hits_[b]) {
          if (has(other, value)) alarm.hits.push_back(other);
        }
        alarms.push_back(std::move(alarm));
      }
    }
  }

  /// Distinct values among the first hits of a bucket.
  [[nodiscard]] double count(std::size_t b, std::size_t first_hits) const {
    Values all;
    for (std::size_t i = 0; i < first_hits; ++i)
      all.insert(all.end(), cell(hits_[b][i]).begin(), cell(hits_[b][i]).end());
    return static_cast<double>(distinct_values(all).size());
  }

  /// Mean and deviation of what was learned from the first `buckets` buckets.
  [[nodiscard]] std::pair<double, double> learned(std::size_t buckets) const {
    std::vector<double> counts;
    double mean = 0, deviation = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
      double learned = count(b, hits_[b].size());
      if (b > kLearning) learned = std::min(learned, mean + 3 * std::max(deviation, std::sqrt(std::max(mean, 1.0))));
      counts.push_back(learned);
      const auto all = static_cast<double>(counts.size());
      mean = std::accumulate(counts.begin(), counts.end(), 0.0) / all;
      double squares = 0;
      for (const double c : counts) squares += (c - mean) * (c - mean);
      deviation = std::sqrt(squares / all);
    }
    return {mean, deviation};
  }

  void judge_count(std::size_t b, std::vector<Alarm>& alarms) const {
    const auto [mean, deviation] = learned(b);
    for (std::size_t i = 0; i < hits_[b].size(); ++i) {
      const double distance = count(b, i + 1) - mean;
      if (distance <= 0) continue;
      const double ratio = std::pow(distance / std::max(deviation, std::sqrt(std::max(mean, 1.0))) / 3, 4);
      if (100 * ratio / (1 + ratio) < op_.threshold) continue;
      const Hit* hit = hits_[b][i];
      Alarm alarm{hit->time, hit->time, hit->event_key, hit->group, {}, {}};
      for (const Hit* other : hits_[b]) {
        if (!cell(other).empty()) alarm.hits.push_back(other);
      }
      alarms.push_back(std::move(alarm));
      return;
    }
  }

  const plan::AnomalyJob& op_;
  std::vector<Instant> starts_;
  std::vector<std::vector<const Hit*>> hits_;
};

}  // namespace

std::vector<Alarm> judge_buckets(const plan::AnomalyJob& op, const std::vector<Hit>& hits) {
  std::vector<Alarm> alarms;
  for (const auto& [key, of_key] : by_group(hits)) {
    std::ranges::move(Buckets(op, of_key).judge(), std::back_inserter(alarms));
  }
  return alarms;
}

}  // namespace trailhound::engine::test
