#pragma once
/// A read-only view of parsed JSON that keeps simdjson out of every header.
///
///     json::Document document;
///     TRY(json::Value root, document.parse(text));
///     root.find("userIdentity").find("arn").string();      // nothing if any step is missing
///
/// A `Value` is as cheap to copy as a pointer pair and lives as long as its Document is not parsed again. Numbers keep
/// their kind: an integer beyond int64 but within uint64 is `unsigned_integer`; larger ones are `real` (a text that
/// holds one is parsed twice). A number beyond the range of double (1e400) is an error of the whole text. A missing
/// member gives a Value of kind `missing`, on which every accessor gives "nothing": chains need no checks. Where an
/// object has a key twice, `find` gives the last one, as Elasticsearch and Datadog do.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_tape.h"
#include "base/result.h"

namespace trailhound::json {

enum class Kind : std::uint8_t { missing, null, boolean, integer, unsigned_integer, real, string, array, object };

struct Member;
class ElementRange;

class Value {
 public:
  Value() = default;

  [[nodiscard]] Kind kind() const;
  [[nodiscard]] bool is(Kind kind_wanted) const { return kind() == kind_wanted; }
  explicit operator bool() const { return parts_ != nullptr; }

  [[nodiscard]] std::optional<bool> boolean() const;
  [[nodiscard]] std::optional<std::int64_t> integer() const;  ///< also an unsigned that fits
  [[nodiscard]] std::optional<std::uint64_t> unsigned_integer() const;
  [[nodiscard]] std::optional<double> number() const;  ///< any number as double
  /// The unescaped text; valid as long as the document.
  [[nodiscard]] std::optional<std::string_view> string() const;
  [[nodiscard]] std::string_view text() const { return string().value_or(std::string_view()); }  ///< "" for others

  /// Object member by key (the last of equal keys) or missing.
  [[nodiscard]] Value find(std::string_view key) const;
  /// Members in source order, duplicates included; empty unless an object.
  [[nodiscard]] std::vector<Member> members() const;
  /// The last member in source order; nothing unless an object that has any.
  [[nodiscard]] std::optional<Member> last_member() const;
  /// Elements, found one behind the other; none unless an array.
  [[nodiscard]] ElementRange elements() const;
  /// Number of members or elements; 0 for scalars.
  [[nodiscard]] std::size_t size() const;

  /// Minified JSON text of the value (keys in source order).
  void append_json(std::string& out) const;

  /// For `Document` and src/event only: a position on a tape, whose parts outlive the value.
  static Value at(const TapeParts* parts, std::size_t index) { return Value(parts, index); }
  [[nodiscard]] const TapeParts* parts() const { return parts_; }
  [[nodiscard]] std::size_t index() const { return index_; }
  /// REQUIRES: not missing.
  [[nodiscard]] Tape tape() const { return Tape(*parts_); }

 private:
  Value(const TapeParts* parts, std::size_t index) : parts_(parts), index_(index) {}

  const TapeParts* parts_ = nullptr;
  std::size_t index_ = 0;
};

struct Member {
  std::string_view key;
  Value value;
};

/// The elements of an array: `for (const Value element : array.elements())`. Takes no memory, however many they are.
class ElementRange {
 public:
  class Iterator {
   public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Value operator*() const { return at_; }
    Iterator& operator++();
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return at_.index() == other.at_.index(); }

   private:
    friend class ElementRange;
    explicit Iterator(Value at) : at_(at) {}
    Value at_;
  };

  ElementRange() = default;
  ElementRange(Value first, Value end) : first_(first), end_(end) {}
  [[nodiscard]] Iterator begin() const { return Iterator(first_); }
  [[nodiscard]] Iterator end() const { return Iterator(end_); }
  [[nodiscard]] bool empty() const { return begin() == end(); }
  [[nodiscard]] Value front() const { return *begin(); }  ///< REQUIRES: not empty

 private:
  Value first_, end_;  ///< of the same tape
};

/// Writes U+FFFD for every escaped half of a surrogate pair that stands alone, in the place of the escape: JSON's
/// grammar allows "\ud800", no Unicode text can hold it. Document::parse does so by itself.
void replace_lone_surrogates(std::string& json);

/// Owns a parser and its buffers; reused from one text to the next. Not thread-safe.
class Document {
 public:
  Document();
  ~Document();
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;

  /// Parses a whole JSON text (any value at the root, depth at most 1024). The text is copied. The error says what kind
  /// of fault it is; simdjson does not tell where.
  [[nodiscard]] Result<Value> parse(std::string_view text);
  /// Parses in place, without writing to the text; `size + kPadding` bytes must be readable.
  [[nodiscard]] Result<Value> parse_padded(const char* text, std::size_t size);

  /// Bytes that must be readable behind a text given to parse_padded.
  static constexpr std::size_t kPadding = 64;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trailhound::json
