#include <string>
#include <string_view>
#include <unordered_set>

#include "base/json_value.h"
#include "cli/commands.h"
#include "cli/console.h"
#include "event/batch_reader.h"
#include "event/documents.h"
#include "sink/output_file.h"
#include "sink/terminal_text.h"
#include "source/find_inputs.h"
#include "source/record_source.h"

#include <fstream>

namespace trailhound::cli {
namespace {

enum class Schema { raw, ecs, datadog };

Result<Schema> schema_named(const std::string& name) {
  if (name == "raw") return Schema::raw;
  if (name == "ecs") return Schema::ecs;
  if (name == "datadog") return Schema::datadog;
  return fail("--schema: unknown schema \"" + name + "\"", {}, "one of raw, ecs, datadog");
}

/// The event ids that the signals of a JSON lines file name as evidence.
Result<std::unordered_set<std::string>> evidence_ids(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail("cannot be opened", path);
  std::unordered_set<std::string> ids;
  json::Document document;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto root = document.parse(line);
    if (!root) return fail(root.error().what, path + ":" + std::to_string(number), "one signal a line is expected");
    for (const json::Value id : root->find("event_ids").elements()) {
      if (const auto text = id.string()) ids.emplace(*text);
    }
  }
  if (file.bad()) return fail("cannot be read", path);
  return ids;
}

/// Prints the records of one input after the other, in the order of the files.
class Printer final : public source::WindowConsumer {
 public:
  Printer(Schema schema, const event::Geo* geo, bool original, const std::unordered_set<std::string>* only,
          sink::OutputFile& out, const run::Progress& progress)
      : schema_(schema), geo_(geo), original_(original), only_(only), out_(out), progress_(progress) {
    if (takes_digests()) reader_.set_on_digest([this](json::Value digest) { print(digest); });
  }

  void begin_file(FileEntry& file) override { file_ = &file; }
  source::WindowAnswer window(const source::RecordWindow& window) override {
    const auto answer = reader_.read(window, *file_, [this](event::Batch& batch) { print(batch); });
    return out_.failed() || stopped() ? source::WindowAnswer::stop : answer;
  }
  [[nodiscard]] bool stopped() const override { return progress_.stop.load(std::memory_order_relaxed); }
  void end_file(FileEntry&& file) override {
    file_ = nullptr;
    ledger_.book(std::move(file));
  }
  /// Digests have an ECS document, and no other.
  [[nodiscard]] bool takes_digests() const override { return schema_ == Schema::ecs && only_ == nullptr; }
  [[nodiscard]] const Ledger& ledger() const { return ledger_; }

 private:
  void print(json::Value digest) {
    line_.clear();
    event::append_ecs_digest(line_, digest);
    line_ += '\n';
    out_.write(line_);
  }

  void print(event::Batch& batch) {
    for (std::size_t row = 0; row < batch.size(); ++row) {
      if (only_ != nullptr && !only_->contains(std::string(batch.event_ids[row]))) continue;
      line_.clear();
      const event::Record record(batch, row);
      switch (schema_) {
        case Schema::raw:
          event::append_raw_document(line_, record);
          break;
        case Schema::ecs:
          event::append_ecs_document(line_, record, geo_, {.entities = true, .original = original_});
          break;
        case Schema::datadog:
          event::append_datadog_document(line_, record, geo_);
          break;
      }
      line_ += '\n';
      out_.write(line_);
    }
  }

  Schema schema_;
  const event::Geo* geo_;
  bool original_;
  const std::unordered_set<std::string>* only_;
  sink::OutputFile& out_;
  const run::Progress& progress_;
  event::BatchReader reader_;
  FileEntry* file_ = nullptr;
  Ledger ledger_;
  std::string line_;
};

}  // namespace

ExitStatus run_events(const EventsArguments& arguments) {
  const auto schema = schema_named(arguments.schema);
  if (!schema) return report(schema.error(), ExitStatus::usage);
  auto geo = event::Geo::open(arguments.geo.city, arguments.geo.asn);
  if (!geo) return report(geo.error(), ExitStatus::usage);
  Ledger found;
  const auto inputs = source::find_inputs(arguments.paths, found);
  if (!inputs) return report(inputs.error(), status_of_error(inputs.error()));
  std::unordered_set<std::string> ids;
  if (!arguments.signals.empty()) {
    auto read = evidence_ids(arguments.signals);
    if (!read) return report(read.error(), ExitStatus::usage);
    ids = std::move(*read);
  }
  auto out = sink::OutputFile::open("-");
  if (!out) return report(out.error(), ExitStatus::incomplete);

  run::Progress progress;
  const InterruptGuard interrupts(progress);
  Printer printer(*schema, geo->get(), arguments.original, arguments.signals.empty() ? nullptr : &ids, *out, progress);
  source::RecordSource source;
  for (std::size_t i = 0; i < inputs->size() && !progress.stop; ++i) {
    const auto input = inputs->at(i);
    if (!input) return report(input.error(), ExitStatus::incomplete);
    if (!source.read(*input, printer)) break;
  }
  if (auto closed = out->close(); !closed) return report(closed.error(), ExitStatus::incomplete);
  found.merge(printer.ledger());
  found.interrupted = progress.stop;
  print_losses(found, "not all events were printed");
  return status_of_reading(found);
}

}  // namespace trailhound::cli
