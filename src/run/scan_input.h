#pragma once
/// Where the records of a run come from: files, or texts in memory (rule tests), by number, the files first.
///
///     for (std::size_t i = 0; i < input.size(); ++i) { TRY(const source::Input next, input.at(i)); ... }

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "source/input_list.h"

namespace trailhound::run {

struct ScanInput {
  source::InputList files;
  struct Text {
    std::string name;
    std::string bytes;
  };
  std::vector<Text> texts;

  [[nodiscard]] std::size_t size() const { return files.size() + texts.size(); }
  /// May be called by several threads at once. What it gives of a text is a view.
  [[nodiscard]] Result<source::Input> at(std::size_t number) const {
    if (number < files.size()) return files.at(number);
    const Text& text = texts[number - files.size()];
    return source::Input{.path = text.name, .rereadable = true, .text = text.bytes};
  }
  /// Whether all of it can be read a second time.
  [[nodiscard]] bool rereadable() const { return files.rereadable(); }
};

}  // namespace trailhound::run
