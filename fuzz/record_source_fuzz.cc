// Reads arbitrary bytes as a file: no crash, no endless loop, windows that keep their contract, and split_records that
// covers what it is given. The first byte chooses the window size.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>

#include "base/json_value.h"
#include "source/record_source.h"

namespace {

using trailhound::FileEntry;
namespace json = trailhound::json;
namespace source = trailhound::source;

void require(bool fact) {
  if (!fact) std::abort();
}

class Checker : public source::WindowConsumer {
 public:
  void begin_file(FileEntry& /*file*/) override { open_ = true; }

  source::WindowAnswer window(const source::RecordWindow& window) override {
    require(open_);
    const std::string_view text(window.text, window.size);
    require(text.size() >= 2 && text.front() == '[' && text.back() == ']');
    std::size_t last = 0;
    source::split_records(text, [&](std::span<const source::RecordRange> ranges) {
      for (const source::RecordRange& range : ranges) {
        require(range.size > 0 && range.begin >= last && range.begin + range.size <= text.size());
        last = range.begin + range.size;
      }
    });
    const auto root = document_.parse_padded(window.text, window.size);
    if (!root && !window.proven) return source::WindowAnswer::prove;
    if (root) {
      for (const json::Value element : root->elements()) {
        if (!source::is_record(element)) (void)source::unwrap(element, [](std::string&&) {});
      }
    }
    return source::WindowAnswer::next;
  }

  void end_file(FileEntry&& file) override {
    open_ = false;
    require(file.outcome == trailhound::FileOutcome::read || !file.reason.empty());
  }

 private:
  bool open_ = false;
  json::Document document_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  source::Limits limits;
  limits.window_size = std::size_t{1} << (data[0] % 14);
  limits.max_record = 64 * 1024;
  limits.max_inflated = 8u << 20;
  source::RecordSource reader(limits);
  Checker checker;
  reader.read_memory({reinterpret_cast<const char*>(data) + 1, size - 1}, "fuzz", checker);
  return 0;
}
