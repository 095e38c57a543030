#include "engine/hit_collector.h"

#include "engine/signal_key.h"

namespace trailhound::engine {

HitCollector::HitCollector(const std::vector<rule::RuleRef>& rules, SpillSorter::Options options)
    : impl_(std::make_unique<Impl>(rules, std::move(options))) {}
HitCollector::HitCollector(HitCollector&&) noexcept = default;
HitCollector& HitCollector::operator=(HitCollector&&) noexcept = default;
HitCollector::~HitCollector() = default;

void HitCollector::add(const HitView& hit) { collect(hit); }
void HitCollector::add(const Hit& hit) { collect(hit); }

template <class AnyHit>
void HitCollector::collect(const AnyHit& hit) {
  Impl& impl = *impl_;
  if (!impl.status) return;  // the first error is the one to tell; what follows would be incomplete anyway
  if (hit.rule >= impl.rules.size()) {
    impl.status = fail("a hit names a rule that is not in the rule set");
    return;
  }
  impl.key.clear();
  impl.payload.clear();
  encode(hit, signal_key_of(impl.rules[hit.rule]->plan.episode, hit.group), impl.key, impl.payload, &impl.texts);
  impl.status = impl.sorter.add(impl.key, impl.payload);
}

void HitCollector::sort() { impl_->sorter.sort(); }

Status HitCollector::status() const { return impl_->status; }

}  // namespace trailhound::engine
