#pragma once
/// Regular expressions as sets of texts, with the operations that derivatives need. Inside src/plan only.
///
/// A node is a number; equal nodes have equal numbers, and the makers put what they build into a normal form (no empty
/// text in a concatenation, alternatives sorted and distinct, ...), so that the derivatives of an expression are
/// finitely many. The derivative of a node by a character is the set of rests of its texts that begin with it.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "plan/code_points.h"

namespace trailhound::plan {

class RegexNodes {
 public:
  using Id = std::uint32_t;
  enum class Kind : std::uint8_t { nothing, empty, characters, concatenation, either, both, complement, repeat };
  static constexpr std::uint32_t kUnbounded = ~std::uint32_t{0};

  RegexNodes();

  [[nodiscard]] Id nothing() const { return 0; }     ///< no text
  [[nodiscard]] Id empty() const { return 1; }       ///< the empty text
  [[nodiscard]] Id everything() const { return 2; }  ///< any text
  [[nodiscard]] Id characters(const CodePointSet& set);
  [[nodiscard]] Id concatenation(Id first, Id rest);
  [[nodiscard]] Id either(const std::vector<Id>& operands);
  [[nodiscard]] Id both(const std::vector<Id>& operands);
  [[nodiscard]] Id complement(Id operand);
  [[nodiscard]] Id repeat(Id operand, std::uint32_t least, std::uint32_t most);

  [[nodiscard]] bool has_empty(Id id) const { return nodes_[id].has_empty; }
  /// REQUIRES: `character` does not leave a set in the middle: sets were cut into classes, and it stands for its own.
  [[nodiscard]] Id derivative(Id id, CodePoint character, std::uint32_t character_class);

  [[nodiscard]] const std::vector<CodePointSet>& sets() const { return sets_; }

  [[nodiscard]] Kind kind(Id id) const { return nodes_[id].kind; }
  [[nodiscard]] const std::vector<Id>& operands(Id id) const { return nodes_[id].operands; }
  [[nodiscard]] const CodePointSet& set(Id id) const { return sets_[nodes_[id].least]; }
  [[nodiscard]] std::uint32_t least(Id id) const { return nodes_[id].least; }
  [[nodiscard]] std::uint32_t most(Id id) const { return nodes_[id].most; }
  /// A measure of what was built so far, to bound it.
  [[nodiscard]] std::size_t work() const { return work_; }

 private:
  struct Node {
    Kind kind = Kind::nothing;
    bool has_empty = false;
    std::uint32_t least = 0;  ///< of a repeat; of characters, which set
    std::uint32_t most = 0;
    std::vector<Id> operands;  ///< of a concatenation two: what comes first is no concatenation itself
  };
  using Key = std::pair<std::pair<Kind, std::pair<std::uint32_t, std::uint32_t>>, std::vector<Id>>;

  [[nodiscard]] Id intern(Node node);
  [[nodiscard]] Id derive(Id id, CodePoint character, std::uint32_t character_class);
  [[nodiscard]] Id derive_concatenation(Id id, CodePoint character, std::uint32_t character_class);
  [[nodiscard]] std::vector<Id> flatten(const std::vector<Id>& operands, Kind kind) const;

  std::vector<Node> nodes_;
  std::vector<CodePointSet> sets_;
  std::map<Key, Id> known_;
  std::map<CodePointSet, std::uint32_t> known_sets_;
  std::map<std::pair<Id, std::uint32_t>, Id> derivatives_;
  std::size_t work_ = 0;
};

}  // namespace trailhound::plan
