#pragma once
/// Writes JSON into a string: an append writer with a comma stack, no allocation beyond the string's.
///
///     json::Writer w(out);
///     w.begin_object().key("id").string(id).key("n").integer(3).end_object();
///
/// Strings are escaped as RFC 8259 asks; invalid UTF-8 is replaced by U+FFFD so that the output always parses. Control
/// characters, DEL and the C1 range are written as \u00XX, so that a log cannot drive a terminal through our output.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/value.h"

namespace trailhound::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& integer(std::int64_t n);
  Writer& unsigned_integer(std::uint64_t n);
  Writer& real(double d);  ///< shortest round-trip form; NaN and infinities become null
  Writer& boolean(bool b);
  Writer& null();
  Writer& time(Instant t) { return string(format_rfc3339(t)); }
  Writer& value(const trailhound::Value& v);    // not json::Value
  Writer& values(const trailhound::Values& v);  ///< none: null, one: a scalar, several: an array
  Writer& strings(const std::vector<std::string>& list);
  Writer& raw(std::string_view json);  ///< text that is already JSON

 private:
  std::string_view separator();
  void separate();

  std::string& out_;
  std::vector<char> has_element_;  // of each list and object around
  bool after_key_ = false;
};

/// A string with its quotes.
void append_quoted(std::string& out, std::string_view text);

}  // namespace trailhound::json
