#include "event/array_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <deque>

#include "base/ascii.h"

namespace trailhound::event {
namespace {

/// A document of simdjson's in memory that belongs to somebody else.
class BorrowedDocument {
 public:
  BorrowedDocument() = default;
  BorrowedDocument(const BorrowedDocument&) = delete;
  BorrowedDocument& operator=(const BorrowedDocument&) = delete;
  ~BorrowedDocument() { give_back(); }

  simdjson::dom::document& in(std::uint64_t* tape, std::uint8_t* texts) {
    give_back();
    document_.tape.reset(tape);
    document_.string_buf.reset(texts);
    return document_;
  }

 private:
  void give_back() {
    static_cast<void>(document_.tape.release());
    static_cast<void>(document_.string_buf.release());
  }

  simdjson::dom::document document_;
};

/// What the texts of `size` bytes of JSON need at most: simdjson puts five bytes to each, where JSON has three (two
/// quotes and what separates it from the next).
constexpr std::size_t size_of_texts(std::size_t size) { return (5 * size + 2) / 3; }

}  // namespace

struct ArrayParser::Buffers {
  simdjson::dom::parser parser;
  std::size_t capacity = 0;  // of the text
  std::unique_ptr<std::uint64_t[]> tapes;
  std::unique_ptr<std::uint8_t[]> texts;
  std::deque<json::TapeParts> parts;  // of each element: a value points to them
  BorrowedDocument document;
  json::Document scalar;

  /// An element of n bytes, and a comma, need n + 3 words and size_of_texts(n) bytes. Whatever a broken one leads to
  /// ends with the text.
  void reserve(std::size_t size) {
    if (size <= capacity) return;
    tapes = std::make_unique_for_overwrite<std::uint64_t[]>(2 * size + 8);
    texts = std::make_unique_for_overwrite<std::uint8_t[]>(2 * size + simdjson::SIMDJSON_PADDING);
    capacity = size;
  }

  static constexpr std::size_t kKeptCapacity = 2u << 20;
};

ArrayParser::ArrayParser(IdentityTapes& identities) : identities_(identities), buffers_(std::make_unique<Buffers>()) {}
ArrayParser::~ArrayParser() = default;

bool ArrayParser::read(const char* text, std::size_t size) {
  static_assert(json::Document::kPadding >= simdjson::SIMDJSON_PADDING);
  text_ = text;
  size_ = size;
  elements_.clear();
  heads_.clear();
  if (size == 0) return false;
  simdjson::dom::parser& parser = buffers_->parser;
  if (parser.capacity() < size && parser.allocate(size) != simdjson::SUCCESS) return false;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text);
  if (parser.implementation->stage1(bytes, size, simdjson::stage1_mode::regular) != simdjson::SUCCESS) return false;
  buffers_->reserve(size);
  if (read_elements()) return true;
  elements_.clear();
  return false;
}

/// Walks from element to element over the places that the first stage found: brackets, commas, and where values begin.
bool ArrayParser::read_elements() {
  const char* const text = text_;
  auto& stage = *buffers_->parser.implementation;
  const std::uint32_t* const places = stage.structural_indexes.get();
  const std::size_t last = stage.n_structural_indexes - 1;
  if (text[places[0]] != '[' || text[places[last]] != ']' || last == 0) return false;
  std::uint64_t* tape = buffers_->tapes.get();
  std::uint8_t* texts = buffers_->texts.get();
  TapeBuilder builder(text, size_, places, last, identities_);
  std::size_t used = 0;
  std::size_t next = 1;
  while (next < last) {
    const std::size_t begin = places[next];
    if (text[begin] == '{' || text[begin] == '[') {
      if (used == buffers_->parts.size()) buffers_->parts.emplace_back();
      json::TapeParts& parts = buffers_->parts[used++];
      parts = {tape, texts, text + begin};
      TapeBuilder::Head& head = heads_.emplace_back();
      if (!builder.build(next, tape, texts, head)) {
        stage.next_structural_index = static_cast<std::uint32_t>(next);
        if (stage.stage2_next(buffers_->document.in(tape, texts)) != simdjson::SUCCESS) return false;
        next = stage.next_structural_index;
        if (next > last) return false;  // it took the array's own bracket for one of its own
        head = {};
        if (text[begin] == '{') head.fields = scan_record(json::Tape(parts), 1);
      }
      const std::size_t end = places[next - 1] + 1;
      elements_.push_back({&parts, begin, end - begin, static_cast<std::uint32_t>(heads_.size() - 1)});
      if (head.fields.are_empty()) {
        heads_.pop_back();
        elements_.back().head = Element::kNoHead;
      }
      tape += static_cast<std::uint32_t>(tape[0]);  // the number of words
      texts += size_of_texts(end - begin);
    } else {
      std::size_t end = places[++next];
      while (is_blank(text[end - 1])) --end;
      elements_.push_back({.begin = begin, .size = end - begin});
      if (!scalar(elements_.back())) return false;
    }
    if (next == last) return true;
    if (text[places[next]] != ',' || ++next == last) return false;
  }
  return last == 1;
}

json::Value ArrayParser::scalar(const Element& element) {
  return buffers_->scalar.parse({text_ + element.begin, element.size}).value_or(json::Value());
}

void ArrayParser::shrink() {
  if (std::max(buffers_->capacity, buffers_->parser.capacity()) <= Buffers::kKeptCapacity) return;
  std::vector<Element>().swap(elements_);  // assigning {} would keep the memory
  std::vector<TapeBuilder::Head>().swap(heads_);
  buffers_ = std::make_unique<Buffers>();
}

}  // namespace trailhound::event
