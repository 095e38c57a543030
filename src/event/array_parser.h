#pragma once
/// Parses an array element by element and says where each one lies. Inside src/event only.
///
///     ArrayParser parser(identities);
///     if (parser.read(text, size)) {
///       for (const auto& element : parser.elements()) use(parser.value(element), text + element.begin);
///     }
///
/// Behind simdjson's first stage, elements are taken one at a time, by a stage of our own (tape_builder.h) or, if that
/// gives up, by simdjson's second: so the places of the elements, which no tape tells, are known without looking at the
/// text again. Elements and values are valid until the next `read`, and so long the text must stay. Not thread-safe.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/json_value.h"
#include "event/identity_tapes.h"
#include "event/tape_builder.h"

namespace trailhound::event {

class ArrayParser {
 public:
  struct Element {
    const json::TapeParts* parts = nullptr;  ///< null: neither object nor array
    std::size_t begin = 0;                   ///< in the text
    std::size_t size = 0;
    /// See `head`. What has none of the keys of a record has none: elements may be many and tiny, and a head is large.
    std::uint32_t head = kNoHead;

    static constexpr std::uint32_t kNoHead = ~std::uint32_t{0};
  };

  /// `identities` must outlive the parser; several parsers of one thread may share them.
  explicit ArrayParser(IdentityTapes& identities);
  ~ArrayParser();

  /// False if the text is no JSON array; then there are no elements. Behind it, json::Document::kPadding bytes must be
  /// readable.
  [[nodiscard]] bool read(const char* text, std::size_t size);
  [[nodiscard]] std::span<const Element> elements() const { return elements_; }
  /// Lives until the next `read`; if it is neither object nor array, until the next call.
  [[nodiscard]] json::Value value(const Element& element) {
    return element.parts != nullptr ? json::Value::at(element.parts, 1) : scalar(element);
  }
  /// What was found of a record's values on the way; empty for what has none of them. Lives until the next `read`.
  [[nodiscard]] const TapeBuilder::Head& head(const Element& element) const {
    return element.head == Element::kNoHead ? no_head_ : heads_[element.head];
  }
  /// Gives memory back that one large element needed. Ends the elements.
  void shrink();

 private:
  [[nodiscard]] bool read_elements();
  [[nodiscard]] json::Value scalar(const Element& element);

  IdentityTapes& identities_;
  const char* text_ = nullptr;
  std::size_t size_ = 0;
  std::vector<Element> elements_;
  std::vector<TapeBuilder::Head> heads_;
  const TapeBuilder::Head no_head_;
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace trailhound::event
