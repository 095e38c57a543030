#include "engine/extraction.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/backtracking_regex.h"
#include "base/number_text.h"
#include "plan/dissect.h"
#include "plan/grok.h"

namespace trailhound::engine {

/// Appends what one text gives to the outputs; a text that does not match appends nothing.
class Extractor::Program {
 public:
  using Results = std::vector<std::vector<Scalar>>;

  explicit Program(std::size_t outputs) : outputs_(outputs) {}
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  virtual ~Program() = default;
  virtual void run(std::string_view text, Arena& arena, Results& results) const = 0;

  [[nodiscard]] std::size_t outputs() const { return outputs_; }

 private:
  std::size_t outputs_;
};

namespace {

using event::LogicalType;

template <class Integer>
std::optional<Scalar> integer_of(std::string_view text) {
  const auto number = signed_number_in<Integer>(text);
  return number ? std::optional(Scalar(std::int64_t{*number})) : std::nullopt;
}

std::optional<Scalar> real_of(std::string_view text) {
  const auto number = signed_number_in<double>(text);
  return number && std::isfinite(*number) ? std::optional(Scalar(*number)) : std::nullopt;
}

bool is_true(std::string_view text) {
  constexpr std::string_view kTrue = "true";
  return text.size() == kTrue.size() &&
         std::equal(text.begin(), text.end(), kTrue.begin(), [](char t, char w) { return (t | 0x20) == w; });
}

/// What a captured text is as a value of the column's type; nothing if it is none.
std::optional<Scalar> converted(std::string_view text, LogicalType type) {
  switch (type) {
    case LogicalType::integer:
      return integer_of<std::int32_t>(text);
    case LogicalType::long_integer:
      return integer_of<std::int64_t>(text);
    case LogicalType::real:
      return real_of(text);
    case LogicalType::boolean:
      return Scalar(is_true(text));
    default:
      return Scalar(text);
  }
}

class GrokProgram final : public Extractor::Program {
 public:
  using Program::Program;

  static Result<std::shared_ptr<const Extractor::Program>> compile(const plan::Extraction& extraction) {
    auto program = std::make_shared<GrokProgram>(extraction.outputs.size());
    for (const std::string& pattern : extraction.patterns) {
      TRY(const auto regex, plan::translate_grok(pattern));
      TRY(auto compiled, BacktrackingRegex::compile(regex.text, plan::kGrokOptions));
      Alternative alternative{std::move(compiled), {}};
      for (const auto& capture : regex.captures) {
        for (std::size_t i = 0; i < extraction.outputs.size(); ++i) {
          if (extraction.outputs[i].name == capture.name) alternative.captures.push_back({i, capture.type});
        }
      }
      program->alternatives_.push_back(std::move(alternative));
    }
    return program;
  }

  void run(std::string_view text, Arena&, Results& results) const override {
    std::vector<BacktrackingRegex::Group> groups;
    for (const Alternative& alternative : alternatives_) {
      if (alternative.regex.match(text, 0, groups) != BacktrackingRegex::Outcome::match) continue;
      for (std::size_t i = 0; i < alternative.captures.size() && i + 1 < groups.size(); ++i) {
        const auto& group = groups[i + 1];
        if (!group.is_set()) continue;
        const Capture& capture = alternative.captures[i];
        const auto value = converted(text.substr(group.begin, group.end - group.begin), capture.type);
        if (value) results[capture.output].push_back(*value);
      }
      return;
    }
  }

 private:
  struct Capture {
    std::size_t output;
    LogicalType type;
  };
  struct Alternative {
    BacktrackingRegex regex;
    std::vector<Capture> captures;  ///< of group i + 1
  };
  std::vector<Alternative> alternatives_;
};

class DissectProgram final : public Extractor::Program {
 public:
  explicit DissectProgram(plan::DissectPattern pattern)
      : Program(pattern.names().size()), pattern_(std::move(pattern)) {}

  void run(std::string_view text, Arena& arena, Results& results) const override {
    const auto values = pattern_.match(text);
    if (!values) return;
    for (std::size_t i = 0; i < values->size(); ++i) {
      results[i].emplace_back(arena.copy(std::string_view((*values)[i])));
    }
  }

 private:
  plan::DissectPattern pattern_;
};

}  // namespace

Result<Extractor> Extractor::compile(const plan::Extraction& extraction) {
  if (extraction.language == plan::Extraction::Language::dissect) {
    TRY(auto pattern, plan::DissectPattern::parse(extraction.patterns.front(), extraction.append_separator));
    return Extractor(std::make_shared<DissectProgram>(std::move(pattern)));
  }
  TRY(auto program, GrokProgram::compile(extraction));
  return Extractor(std::move(program));
}

void Extractor::extract(const Cell& input, Arena& arena, std::span<Cell> outputs) const {
  Program::Results results(outputs.size());
  for (const Scalar& element : input.values()) {
    if (const auto* text = std::get_if<std::string_view>(&element)) program_->run(*text, arena, results);
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& values = results[i];
    outputs[i] = values.empty() ? Cell::null() : Cell::several(arena.copy(std::span<const Scalar>(values)));
  }
}

std::vector<Values> Extractor::extract(const Values& input) const {
  Arena arena;
  std::vector<Scalar> scalars;
  for (const Value& value : input) {
    if (!is_null(value)) scalars.push_back(to_scalar(value));
  }
  std::vector<Cell> cells(program_->outputs());
  extract(scalars.empty() ? Cell::null() : Cell::several(scalars), arena, cells);
  std::vector<Values> out;
  for (const Cell& cell : cells) {
    Values& values = out.emplace_back();
    for (const Scalar& scalar : cell.values()) values.push_back(to_value(scalar));
  }
  return out;
}

}  // namespace trailhound::engine
