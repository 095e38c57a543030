#pragma once
/// A slow, obvious second reading of EQL conditions: straight over the syntax tree, one document at a time, with its
/// own wildcards and text functions (ASCII only). What the engine says must be what this says.

#include <map>
#include <string>
#include <vector>

#include "base/truth.h"
#include "base/value.h"
#include "lang/eql/syntax.h"

namespace trailhound::language_test {

/// The values of the fields that a document has, by name; a field with no values is absent.
using TwinDocument = std::map<std::string, std::vector<Value>>;

class EqlTwin {
 public:
  /// `fields`: the names that exist, with their kind: k(eyword), n(umber), b(oolean), a(ddress).
  explicit EqlTwin(std::map<std::string, char> fields) : fields_(std::move(fields)) {}

  /// unknown stands for the constant null.
  [[nodiscard]] Truth condition(const eql::Expression& e, const TwinDocument& document) const;

 private:
  using Assignment = std::map<const eql::Expression*, Value>;

  [[nodiscard]] bool is_constant(const eql::Expression& e) const;
  [[nodiscard]] Value evaluate(const eql::Expression& e, const Assignment& assignment) const;
  [[nodiscard]] Value call(const eql::FunctionCall& node, const Assignment& assignment) const;
  [[nodiscard]] Truth comparison(const eql::Comparison& node, const TwinDocument& document) const;
  [[nodiscard]] Truth null_test(const eql::Expression& e, const TwinDocument& document) const;
  /// Whether a search for one value of a field finds it.
  [[nodiscard]] Truth test_value(const eql::Expression& e, const Value& value) const;
  void occurrences(const eql::Expression& e, std::vector<const eql::Expression*>& out) const;
  /// Whether the script is true (or null) for some combination of values.
  [[nodiscard]] Truth script(const eql::Expression& e, const TwinDocument& document, bool wants_null) const;

  std::map<std::string, char> fields_;
};

}  // namespace trailhound::language_test
