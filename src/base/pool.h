#pragma once
/// Things that threads use one at a time each: made when all others are in use, and kept for whoever comes next.
///
///     Pool<Matcher> matchers([&] { return std::make_unique<Matcher>(rules); });
///     {
///       const auto matcher = matchers.borrow();    // any thread
///       matcher->match(batch, sink);
///     }                                            // given back
///     for (const auto& matcher : matchers.all()) ...
///
/// There come to be about as many as there are threads. `make` may be called by several threads at a time.

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace trailhound {

template <class T>
class Pool {
 public:
  explicit Pool(std::function<std::unique_ptr<T>()> make) : make_(std::move(make)) {}

  /// Nobody else has it until this goes out of scope, which must be before the pool does.
  class Borrowed {
   public:
    explicit Borrowed(Pool& pool) : pool_(pool), thing_(pool.take()) {}
    ~Borrowed() { pool_.give_back(thing_); }
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    T* operator->() const { return &thing_; }
    T& operator*() const { return thing_; }

   private:
    Pool& pool_;
    T& thing_;
  };
  [[nodiscard]] Borrowed borrow() { return Borrowed(*this); }

  /// REQUIRES: nobody borrows.
  [[nodiscard]] const std::vector<std::unique_ptr<T>>& all() const { return all_; }

 private:
  T& take() {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        T& thing = *free_.back();
        free_.pop_back();
        return thing;
      }
    }
    auto made = make_();
    const std::lock_guard lock(mutex_);
    return *all_.emplace_back(std::move(made));
  }

  void give_back(T& thing) {
    const std::lock_guard lock(mutex_);
    free_.push_back(&thing);
  }

  std::function<std::unique_ptr<T>()> make_;
  std::mutex mutex_;  // of all below
  std::vector<std::unique_ptr<T>> all_;
  std::vector<T*> free_;
};

}  // namespace trailhound
