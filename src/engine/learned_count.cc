#include "engine/learned_count.h"

namespace trailhound::engine {

double high_count_score(double count, double mean, double deviation) {
  if (count <= mean) return 0;
  const double floor = std::sqrt(std::max(mean, 1.0));
  const double z = (count - mean) / std::max(deviation, floor) / 3;
  const double r = z * z * z * z;
  return 100 * r / (1 + r);
}

}  // namespace trailhound::engine
