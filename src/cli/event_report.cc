#include "cli/event_report.h"

#include "base/instant.h"
#include "base/ledger.h"
#include "event/batch_reader.h"
#include "run/event_explanation.h"
#include "run/rule_sides.h"
#include "sink/terminal_text.h"
#include "source/find_inputs.h"
#include "source/record_source.h"

namespace trailhound::cli {
namespace {

constexpr std::size_t kMostExplained = 20;

std::string_view word_of(Truth truth) { return truth == Truth::yes ? "yes" : truth == Truth::no ? "no " : "?  "; }

/// The place of a condition in the rule's file, or in the query's text where the file is not known to hold it as it is.
std::string place_of(const rule::Rule& rule, LineColumn at) {
  if (at.line <= 0) return {};
  const auto line = static_cast<std::size_t>(at.line) - 1;
  if (line < rule.query_lines.size() && rule.query_lines[line].line > 0) {
    const LineColumn begin = rule.query_lines[line];
    at = {begin.line, begin.column + at.column - 1};
  }
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

std::string text_of(const rule::Rule& rule, const run::ConditionExplanation& one) {
  std::string text = "  " + std::string(word_of(one.truth)) + "  " + sink::pad_right(place_of(rule, one.at), 9) +
                     std::string(static_cast<std::size_t>(one.depth) * 2, ' ') + sink::printable(one.text) + "\n";
  if (!one.is_leaf) return text;
  for (const auto& [field, value] : one.read) {
    text += std::string(18 + static_cast<std::size_t>(one.depth) * 2, ' ') + "here " + sink::printable(field) + ": " +
            sink::printable(value) + "\n";
  }
  return text;
}

std::string text_of(const rule::Rule& rule, const run::QueryExplanation& query) {
  std::string text = "Query" + (query.name.empty() ? "" : " " + sink::printable(query.name));
  text += query.matches ? ": matches\n" : ": does not match\n";
  for (const run::ConditionExplanation& one : query.conditions) text += text_of(rule, one);
  for (const auto& [name, value] : query.key) {
    text += "  group " + sink::printable(name) + ": " + sink::printable(value) + "\n";
  }
  if (!query.has_group) text += "  a part of the group is missing: the event is in no group\n";
  return text;
}

class Reporter : public source::WindowConsumer {
 public:
  Reporter(const rule::Rule& rule, sink::OutputFile& out)
      : rule_(rule), over_documents_(run::over_documents(rule)), out_(out) {
    reader_.take_documents();
  }

  void begin_file(FileEntry& file) override { file_ = &file; }
  source::WindowAnswer window(const source::RecordWindow& window) override {
    const auto answer = reader_.read(window, *file_, [this](event::Batch& batch) {
      for (std::size_t row = 0; row < batch.size(); ++row) add(event::Record(batch, row));
    });
    return count_ <= kMostExplained ? answer : source::WindowAnswer::stop;
  }
  void end_file(FileEntry&& file) override { reason_ = std::move(file.reason); }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  void add(const event::Record& record) {
    if (++count_ > kMostExplained) return;
    const auto name = record.root().find("eventName").string();
    std::string text = "\nEvent " + sink::printable(record.event_key()) + "  " + format_rfc3339(record.time()) + "  " +
                       sink::printable(name ? *name : std::string_view()) + "\n";
    for (const run::QueryExplanation& query : explain(record)) text += text_of(rule_, query);
    out_.write(text);
  }

  [[nodiscard]] std::vector<run::QueryExplanation> explain(const event::Record& record) const {
    return run::explain_event(record.elastic_document() ? over_documents_ : rule_, record);
  }

  const rule::Rule& rule_;
  const rule::Rule over_documents_;
  sink::OutputFile& out_;
  event::BatchReader reader_;
  FileEntry* file_ = nullptr;
  std::size_t count_ = 0;
  std::string reason_;
};

}  // namespace

Status report_events(const rule::Rule& rule, const std::string& path, sink::OutputFile& out) {
  Ledger ledger;
  TRY(const auto inputs, source::find_inputs({path}, ledger));
  Reporter reporter(rule, out);
  source::RecordSource source;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    TRY(const source::Input input, inputs.at(i));
    if (!source.read(input, reporter)) break;
  }
  if (reporter.count() == 0) {
    return fail("no CloudTrail record was read" + (reporter.reason().empty() ? "" : ": " + reporter.reason()), path);
  }
  if (reporter.count() > kMostExplained) {
    out.write("\nThe first " + std::to_string(kMostExplained) + " records were explained.\n");
  }
  if (const std::string more = run::describe_operator(rule.plan); !more.empty()) {
    out.write("\nA signal needs more than a hit: " + sink::printable(more) + ".\n");
  }
  return {};
}

}  // namespace trailhound::cli
