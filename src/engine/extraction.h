#pragma once
/// Applies an Extraction to cells: ES|QL's GROK and DISSECT.
///
///     TRY(auto extractor, Extractor::compile(extraction));
///     extractor.extract(cell, arena, outputs);    // outputs[i] belongs to extraction.outputs[i]
///
/// A text that does not match, and a null, gives null everywhere; of a multi-value every text is taken apart and the
/// results are gathered. Immutable; may be used by several threads at once.

#include <memory>
#include <span>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "base/value.h"
#include "plan/extraction.h"

namespace trailhound::engine {

class Extractor {
 public:
  [[nodiscard]] static Result<Extractor> compile(const plan::Extraction& extraction);

  /// REQUIRES: as many outputs as the extraction has. Texts of the results live in the input cell or in `arena`.
  void extract(const Cell& input, Arena& arena, std::span<Cell> outputs) const;
  /// The same over owned values.
  [[nodiscard]] std::vector<Values> extract(const Values& input) const;

  class Program;  ///< how one text is taken apart

 private:
  explicit Extractor(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

  std::shared_ptr<const Program> program_;
};

}  // namespace trailhound::engine
