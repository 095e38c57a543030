#pragma once
/// What a function's kernel made out of constant arguments (a compiled pattern, a read date format), kept with the call
/// so that it is made once and not once an event.

#include <atomic>
#include <memory>

namespace trailhound::plan {

/// Thread-safe; a copy starts empty. Two slots are always equal: they say nothing about the meaning of a call.
class PreparedSlot {
 public:
  struct Content {
    Content() = default;
    Content(const Content&) = delete;
    Content& operator=(const Content&) = delete;
    virtual ~Content() = default;
  };

  PreparedSlot() = default;
  PreparedSlot(const PreparedSlot&) noexcept {}
  PreparedSlot& operator=(const PreparedSlot&) noexcept { return *this; }
  ~PreparedSlot() { delete content_.load(std::memory_order_acquire); }

  /// Null until something was kept.
  [[nodiscard]] const Content* get() const { return content_.load(std::memory_order_acquire); }
  /// Keeps `made` unless another thread was first; gives what is kept.
  const Content* keep(std::unique_ptr<const Content> made) const {
    const Content* expected = nullptr;
    if (content_.compare_exchange_strong(expected, made.get(), std::memory_order_acq_rel)) return made.release();
    return expected;
  }

 private:
  mutable std::atomic<const Content*> content_ = nullptr;
};

}  // namespace trailhound::plan
