#include "kql_twin.h"

#include <cstdlib>
#include <optional>
#include <vector>

#include "base/ip_address.h"
#include "plan/expression.h"

namespace trailhound::language_test {
namespace {

using kuery::Node;
using lang::QueryValue;

/// All scalars at a dotted path, lists flattened, as JSON writes them without quotes.
void collect(json::Value value, std::string_view path, std::vector<std::string>& out) {
  if (value.is(json::Kind::array)) {
    for (const json::Value element : value.elements()) collect(element, path, out);
  } else if (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const json::Value member = value.find(path.substr(0, dot));
    if (member) collect(member, path.substr(std::min(dot + 1, path.size())), out);
  } else if (const auto text = value.string()) {
    out.emplace_back(*text);
  } else if (!value.is(json::Kind::object) && !value.is(json::Kind::null) && value) {
    value.append_json(out.emplace_back());
  }
}

/// Wildcards by trying every length of every star.
bool glob(const std::string& text, std::size_t at, const std::vector<QueryValue::Piece>& pieces, std::size_t piece) {
  if (piece == pieces.size()) return at == text.size();
  if (pieces[piece].kind == QueryValue::Piece::Kind::literal) {
    return text.compare(at, pieces[piece].text.size(), pieces[piece].text) == 0 &&
           at + pieces[piece].text.size() <= text.size() &&
           glob(text, at + pieces[piece].text.size(), pieces, piece + 1);
  }
  for (std::size_t end = at; end <= text.size(); ++end) {
    if (glob(text, end, pieces, piece + 1)) return true;
  }
  return false;
}

std::optional<double> number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return text.empty() || *end != '\0' ? std::nullopt : std::optional<double>(value);
}

/// Three-way order of a document's value and a query's in a type; nothing if one of them cannot be read.
std::optional<int> order(const std::string& type, const std::string& have, const std::string& want) {
  const auto sign = [](const auto& a, const auto& b) { return a < b ? -1 : (b < a ? 1 : 0); };
  if (type == "long") {
    const auto a = number(have), b = number(want);
    return a && b ? std::optional<int>(sign(*a, *b)) : std::nullopt;
  }
  if (type == "ip") {
    const auto a = parse_ip(have), b = parse_ip(want);
    return a && b ? std::optional<int>(sign(*a, *b)) : std::nullopt;
  }
  if (type == "boolean" && have != "true" && have != "false") return std::nullopt;
  return sign(have, want);
}

bool value_matches(const std::string& type, const std::string& have, const QueryValue& want) {
  if (want.has_wildcard()) return glob(have, 0, want.pieces, 0);
  const std::string text = want.text();
  if (type == "ip" && text.find('/') != std::string::npos) {
    const auto address = parse_ip(have);
    const auto block = parse_cidr(text);
    return address && block && block->contains(*address);
  }
  return order(type, have, text) == 0;
}

/// Whether the index holds the value at all.
bool is_indexed(const std::string& type, const std::string& have) {
  if (type == "long") return number(have).has_value();
  if (type == "ip") return parse_ip(have).has_value();
  return type != "boolean" || have == "true" || have == "false";
}

}  // namespace

bool twin_matches(const Node& query, const FieldTypes& types, json::Value document) {
  switch (query.kind) {
    case Node::Kind::everything:
      return true;
    case Node::Kind::negation:
      return !twin_matches(query.children[0], types, document);
    case Node::Kind::all:
      for (const Node& child : query.children) {
        if (!twin_matches(child, types, document)) return false;
      }
      return true;
    case Node::Kind::any:
      for (const Node& child : query.children) {
        if (twin_matches(child, types, document)) return true;
      }
      return false;
    case Node::Kind::nested:
      return false;
    case Node::Kind::value:
    case Node::Kind::compare:
      break;
  }
  if (query.field->is_star() && query.value.is_star()) return true;
  for (const auto& [name, type] : types) {
    if (!glob(name, 0, query.field->pieces, 0)) continue;
    std::vector<std::string> values;
    collect(document, name, values);
    for (const std::string& have : values) {
      if (!is_indexed(type, have)) continue;
      if (query.kind == Node::Kind::value) {
        if (query.value.is_star() || value_matches(type, have, query.value)) return true;
        continue;
      }
      const auto sign = order(type, have, query.value.text());
      using enum plan::ComparisonOp;
      if (sign && ((query.op == less && *sign < 0) || (query.op == less_equal && *sign <= 0) ||
                   (query.op == greater && *sign > 0) || (query.op == greater_equal && *sign >= 0))) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace trailhound::language_test
