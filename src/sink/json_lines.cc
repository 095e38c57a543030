#include "sink/json_lines.h"

#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sink/ordered_lines.h"

namespace trailhound::sink {
namespace {

/// What is kept of a line until the end: the JSON without what all signals of the rule have in common, and behind it
/// where that belongs. Shared parts are most of a line.
struct Places {
  std::uint32_t rule = 0;     ///< number of the rule in the sink
  std::uint32_t message = 0;  ///< kOwn if the line has the message
  std::uint32_t about = 0;
  static constexpr std::uint32_t kOwn = UINT32_MAX;
};

class JsonLines : public Sink {
 public:
  JsonLines(OutputFile file, const SpillSorter::Options& options) : file_(std::move(file)), lines_(options) {}

  Status add(const signal::Signal& signal) override { return lines_.add(signal, form_of(signal)); }
  [[nodiscard]] bool takes_several_at_a_time() const override { return true; }

  Status finish(const ScanSummary&) override {
    TRY_VOID(lines_.drain([this](std::string_view form) { write_line(form); }));
    return file_.close();
  }

 private:
  std::string form_of(const signal::Signal& signal) {
    constexpr std::size_t kUsual = 3072;
    std::string form;
    form.reserve(kUsual);
    const signal::SharedPlaces places = signal::append_json_without_shared(form, signal);
    const bool own = places.message == signal::SharedPlaces::kOwn;
    const Places packed{.rule = number_of(signal.rule),
                        .message = own ? Places::kOwn : static_cast<std::uint32_t>(places.message),
                        .about = static_cast<std::uint32_t>(places.about)};
    form.append(reinterpret_cast<const char*>(&packed), sizeof(packed));
    return form;
  }

  std::uint32_t number_of(const rule::RuleRef& rule) {
    const std::lock_guard lock(mutex_);
    const auto [known, is_new] = numbers_.try_emplace(rule, static_cast<std::uint32_t>(shared_.size()));
    if (is_new) shared_.push_back(signal::shared_json(*rule));
    return known->second;
  }

  void write_line(std::string_view form) {
    Places places;
    std::memcpy(&places, form.data() + form.size() - sizeof(places), sizeof(places));
    form.remove_suffix(sizeof(places));
    const signal::SharedJson& shared = shared_[places.rule];
    std::size_t written = 0;
    if (places.message != Places::kOwn) {
      file_.write(form.substr(0, places.message));
      file_.write_lasting(shared.message);
      written = places.message;
    }
    file_.write(form.substr(written, places.about - written));
    file_.write_lasting(shared.about);
    file_.write(form.substr(places.about));
    file_.write("\n");
  }

  OutputFile file_;
  OrderedLines lines_;
  std::mutex mutex_;                                // of all below
  std::map<rule::RuleRef, std::uint32_t> numbers_;  // index in shared_
  std::vector<signal::SharedJson> shared_;
};

}  // namespace

std::unique_ptr<Sink> make_json_lines(OutputFile file, const SpillSorter::Options& options) {
  return std::make_unique<JsonLines>(std::move(file), options);
}

}  // namespace trailhound::sink
