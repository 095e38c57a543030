#include "source/container.h"

#include <algorithm>
#include <array>

#include "source/element_scanner.h"

namespace trailhound::source {
namespace {

using WalkKind = ObjectWalk::Kind;

/// Keys whose array holds the records or their envelopes: log objects and Lambda events, lookup-events,
/// filter-log-events, GetQueryResults, a Splunk search, a Datadog search.
constexpr std::array<std::string_view, 6> kArrayKeys = {"Records",         "Events",  "events",
                                                        "QueryResultRows", "results", "data"};
/// The only object that is looked into: an Elasticsearch response.
constexpr std::string_view kHitsKey = "hits";
/// A record or an envelope that is complete in itself: no need to look on.
constexpr std::array<std::string_view, 5> kElementKeys = {"eventVersion", "eventID", "detail-type", "messageType",
                                                          "_source"};

struct ForeignKey {
  std::string_view key, form, reason;
};
constexpr std::array<ForeignKey, 3> kForeignKeys = {{
    {"digestStartTime", kDigestForm, "a CloudTrail digest: it proves log files, it holds no events"},
    {"configurationItems", "Config history", "AWS Config history: it holds no CloudTrail events"},
    {"hashSignature", "query signature", "the signature file of a CloudTrail Lake query: it holds no events"},
}};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& keys, std::string_view key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Walks members, entering only the objects that may hold the array.
class Walker {
 public:
  Walker(std::string_view text, std::size_t at, int depth) : text_(text), at_(at), depth_(depth) {}

  ObjectWalk begin() {
    ++at_;
    depth_ = 1;
    return run(true);
  }

  ObjectWalk run(bool before_first) {
    for (;;) {
      at_ = skip_space(text_, at_);
      if (at_ >= text_.size()) return result(WalkKind::open);
      const char c = text_[at_];
      if (c == '}') {
        ++at_;
        before_first = false;
        if (--depth_ == 0) return result(WalkKind::element);
        continue;
      }
      if (!before_first) {
        if (c != ',') return result(WalkKind::broken);
        at_ = skip_space(text_, at_ + 1);
        if (at_ >= text_.size()) return result(WalkKind::open);
      }
      before_first = false;
      if (!read_key()) return result(kind_);
      if (entered_array()) return result(WalkKind::container);
      if (entered_object(before_first)) continue;
      if (const ForeignKey* foreign = foreign_key()) {
        ObjectWalk walk = result(WalkKind::foreign);
        walk.form = foreign->form;
        walk.reason = foreign->reason;
        return walk;
      }
      if (contains(kElementKeys, key_) && depth_ == 1) certain_element_ = true;
      const ElementEnd value = scan_element(text_, at_);
      at_ = value.at;
      if (value.kind == ElementEnd::Kind::open) return result(WalkKind::open);
      if (value.kind == ElementEnd::Kind::broken) return result(WalkKind::broken);
    }
  }

 private:
  /// Reads `"key" :` and stops at the value.
  bool read_key() {
    if (text_[at_] != '"') return stop(WalkKind::broken);
    const ElementEnd key = scan_element(text_, at_);
    if (key.kind == ElementEnd::Kind::broken) at_ = key.at;
    if (key.kind != ElementEnd::Kind::complete) {
      return stop(key.kind == ElementEnd::Kind::open ? WalkKind::open : WalkKind::broken);
    }
    key_ = text_.substr(at_ + 1, key.at - at_ - 2);
    at_ = skip_space(text_, key.at);
    if (at_ >= text_.size()) return stop(WalkKind::open);
    if (text_[at_] != ':') return stop(WalkKind::broken);
    at_ = skip_space(text_, at_ + 1);
    return at_ < text_.size() || stop(WalkKind::open);
  }

  bool entered_array() {
    if (text_[at_] != '[' || certain_element_) return false;
    const bool wanted = depth_ == 1 ? contains(kArrayKeys, key_) : key_ == kHitsKey;
    if (wanted) ++at_;
    return wanted;
  }

  bool entered_object(bool& before_first) {
    if (text_[at_] != '{' || key_ != kHitsKey || depth_ != 1 || certain_element_) return false;
    ++at_;
    ++depth_;
    before_first = true;
    return true;
  }

  [[nodiscard]] const ForeignKey* foreign_key() const {
    if (depth_ != 1 || certain_element_) return nullptr;
    for (const ForeignKey& foreign : kForeignKeys) {
      if (foreign.key == key_) return &foreign;
    }
    return nullptr;
  }

  bool stop(WalkKind kind) {
    kind_ = kind;
    return false;
  }

  [[nodiscard]] ObjectWalk result(WalkKind kind) const { return {kind, at_, depth_, std::string(key_), {}, {}}; }

  std::string_view text_;
  std::size_t at_;
  int depth_;
  std::string_view key_;
  bool certain_element_ = false;
  WalkKind kind_ = WalkKind::broken;
};

}  // namespace

ObjectWalk walk_object(std::string_view text, std::size_t begin) { return Walker(text, begin, 0).begin(); }

ObjectWalk walk_on(std::string_view text, std::size_t at, int depth) { return Walker(text, at, depth).run(false); }

}  // namespace trailhound::source
