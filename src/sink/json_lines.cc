#include "sink/json_lines.h"

#include <string>
#include <utility>

#include "sink/ordered_lines.h"

namespace trailhound::sink {
namespace {

class JsonLines : public Sink {
 public:
  JsonLines(OutputFile file, SpillSorter::Options options) : file_(std::move(file)), lines_(std::move(options)) {}

  Status add(const signal::Signal& signal) override {
    line_.clear();
    signal::append_json(line_, signal);
    line_ += '\n';
    return lines_.add(signal, line_);
  }

  Status finish(const ScanSummary&) override {
    TRY_VOID(lines_.drain([this](std::string_view line) { file_.write(line); }));
    return file_.close();
  }

 private:
  OutputFile file_;
  OrderedLines lines_;
  std::string line_;
};

}  // namespace

std::unique_ptr<Sink> make_json_lines(OutputFile file, SpillSorter::Options options) {
  return std::make_unique<JsonLines>(std::move(file), std::move(options));
}

}  // namespace trailhound::sink
