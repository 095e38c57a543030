// Any bytes as a log file, all the way: read, rule-evaluated, printed in every schema. The sums of the ledger must add
// up and every document must be JSON.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "event/batch_reader.h"
#include "event/documents.h"
#include "rule/loader.h"
#include "run/scan.h"

namespace {

using namespace trailhound;

void require(bool holds) {
  if (!holds) std::abort();
}

class Documents : public source::WindowConsumer {
 public:
  void begin_file(FileEntry& file) override { file_ = &file; }
  source::WindowAnswer window(const source::RecordWindow& window) override {
    return reader_.read(window, *file_, [this](event::Batch& batch) {
      for (std::size_t row = 0; row < batch.size(); ++row) print(event::Record(batch, row));
    });
  }
  void end_file(FileEntry&&) override {}

 private:
  void print(const event::Record& record) {
    for (int schema = 0; schema < 3; ++schema) {
      text_.clear();
      if (schema == 0) event::append_raw_document(text_, record);
      if (schema == 1) event::append_ecs_document(text_, record, nullptr, {.entities = true, .original = true});
      if (schema == 2) event::append_datadog_document(text_, record, nullptr);
      require(document_.parse(text_).has_value());
    }
  }

  event::BatchReader reader_;
  FileEntry* file_ = nullptr;
  json::Document document_;
  std::string text_;
};

class NoSink : public sink::Sink {
 public:
  Status add(const signal::Signal& signal) override {
    line_.clear();
    signal::append_json(line_, signal);
    return {};
  }
  Status finish(const sink::ScanSummary&) override { return {}; }

 private:
  std::string line_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const event::Catalog catalog;
  static const rule::LoadedRules rules = rule::load_shipped_rules(catalog);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  {
    Documents documents;
    source::RecordSource source;
    source.read_memory(bytes, "fuzz", documents);
  }
  run::ScanInput input;
  input.texts.push_back({"fuzz", std::string(bytes)});
  run::ScanOptions options;
  options.workers = 1;
  run::Progress progress;
  NoSink sink;
  const auto result = run::scan(input, rules, catalog, options, std::make_unique<Ledger>(), {&sink}, progress);
  require(result.has_value());
  const Ledger& l = *result->ledger;
  require(l.records_seen == l.evaluated + l.duplicate + l.out_of_range + l.malformed);
  return 0;
}
