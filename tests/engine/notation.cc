#include "notation.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <stdexcept>

namespace trailhound::engine::test {
namespace {

using plan::Expr;
using plan::LogicalType;
using plan::make;

const std::map<std::string, plan::Domain, std::less<>> kDomains = {{"native", plan::Domain::native},
                                                                   {"text", plan::Domain::text},
                                                                   {"folded", plan::Domain::folded},
                                                                   {"numeric_text", plan::Domain::numeric_text},
                                                                   {"address", plan::Domain::address}};
const std::map<std::string, plan::ComparisonOp, std::less<>> kOperators = {
    {"equal", plan::ComparisonOp::equal},     {"not_equal", plan::ComparisonOp::not_equal},
    {"less", plan::ComparisonOp::less},       {"less_equal", plan::ComparisonOp::less_equal},
    {"greater", plan::ComparisonOp::greater}, {"greater_equal", plan::ComparisonOp::greater_equal}};
const std::map<std::string, LogicalType, std::less<>> kTypes = {{"integer", LogicalType::integer},
                                                                {"long", LogicalType::long_integer},
                                                                {"unsigned_long", LogicalType::unsigned_long},
                                                                {"date", LogicalType::date},
                                                                {"date_nanos", LogicalType::date_nanos}};

template <class Map>
auto look_up(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  if (found == map.end()) throw std::invalid_argument("unknown name: " + std::string(name));
  return found->second;
}

std::vector<plan::Pattern::Piece> pieces_of(std::string_view glob) {
  using Piece = plan::Pattern::Piece;
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < glob.size(); ++i) {
    if (glob[i] == '*') {
      pieces.push_back({Piece::Kind::any_run, ""});
    } else if (glob[i] == '?') {
      pieces.push_back({Piece::Kind::any_one, ""});
    } else {
      if (glob[i] == '\\') ++i;
      pieces.push_back({Piece::Kind::literal, std::string(1, glob.at(i))});
    }
  }
  return pieces;
}

class Reader {
 public:
  Reader(std::string_view text, const std::vector<event::ColumnRef>& columns) : text_(text), columns_(columns) {}

  Expr whole_expression() {
    Expr e = expression();
    end();
    return e;
  }
  OwnedCell whole_cell() {
    OwnedCell cell = this->cell();
    end();
    return cell;
  }

 private:
  void blanks() {
    while (!text_.empty() && text_.front() == ' ') text_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    blanks();
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) throw std::invalid_argument("expected " + std::string(token) + " before: " + std::string(text_));
  }
  void end() {
    blanks();
    if (!text_.empty()) throw std::invalid_argument("trailing text: " + std::string(text_));
  }
  std::string word() {
    blanks();
    std::size_t size = 0;
    while (size < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[size])) != 0 || text_[size] == '_' || text_[size] == '.')) {
      ++size;
    }
    std::string found(text_.substr(0, size));
    text_.remove_prefix(size);
    return found;
  }

  Value quoted() {
    std::string out;
    for (; !text_.empty() && text_.front() != '"'; text_.remove_prefix(1)) {
      if (text_.starts_with("\\n")) {
        out += '\n';
        text_.remove_prefix(1);
      } else if (text_.starts_with("\\xFF")) {
        out += '\xFF';
        text_.remove_prefix(3);
      } else {
        out += text_.front();
      }
    }
    expect("\"");
    return out;
  }
  Value number() {
    const std::size_t size = std::min(text_.find_first_not_of("0123456789+-.eE"), text_.size());
    const std::string digits(text_.substr(0, size));
    text_.remove_prefix(size);
    if (digits.find_first_of(".eE") == std::string::npos) return std::int64_t{std::stoll(digits)};
    return std::stod(digits);
  }
  Value address() {
    const std::size_t size = std::min(text_.find_first_not_of("0123456789abcdef.:"), text_.size());
    const auto ip = parse_ip(text_.substr(0, size));
    if (!ip) throw std::invalid_argument("no address: " + std::string(text_));
    text_.remove_prefix(size);
    return *ip;
  }
  bool at_number() {
    blanks();
    return !text_.empty() && (text_.front() == '-' || std::isdigit(static_cast<unsigned char>(text_.front())) != 0);
  }

  OwnedCell cell() {
    if (take("[")) {
      OwnedCell list{Cell::State::empty, {}};
      while (!take("]")) {
        const OwnedCell element = cell();
        list.values.insert(list.values.end(), element.values.begin(), element.values.end());
        list.state = Cell::State::values;
        take(",");
      }
      return list;
    }
    if (take("{}")) return {Cell::State::object, {}};
    if (take("\"")) return {Cell::State::values, {quoted()}};
    if (take("@")) return {Cell::State::values, {address()}};
    if (at_number()) return {Cell::State::values, {number()}};
    const std::string name = word();
    if (name == "absent") return {};
    if (name == "null") return {Cell::State::null, {}};
    if (name == "true" || name == "false") return {Cell::State::values, {name == "true"}};
    throw std::invalid_argument("no cell: " + name + std::string(text_));
  }

  Expr expression() {
    blanks();
    if (text_.empty()) throw std::invalid_argument("an expression is missing");
    if (std::string_view("[\"@").find(text_.front()) != std::string_view::npos || at_number()) {
      return make(plan::Literal{cell().values});
    }
    const std::string name = word();
    if (take(":")) {
      const Expr inner = expression();
      return std::make_shared<const plan::Expression>(plan::Expression{inner->node, look_up(kTypes, name), {}});
    }
    if (take("(")) return call(name);
    return atom(name);
  }
  Expr atom(const std::string& name) {
    if (name == "c" && columns_.empty()) return make(plan::Slot{0, name});
    if (name == "c") return plan::column(columns_.at(0));
    if (name == "c1") return plan::column(columns_.at(1));
    if (name == "c2") return plan::column(columns_.at(2));
    if (name == "s0") return make(plan::Slot{0, name});
    if (name == "s1") return make(plan::Slot{1, name});
    if (name == "v") return make(plan::Variable{0});
    if (name == "v1") return make(plan::Variable{1});
    if (name == "now") return make(plan::RunTime{}, LogicalType::date);
    if (name == "null") return make(plan::Literal{});
    if (name == "true" || name == "false") return make(plan::Literal{{name == "true"}});
    throw std::invalid_argument("unknown name: " + name);
  }
  std::vector<Expr> arguments() {
    std::vector<Expr> found;
    while (!take(")")) {
      found.push_back(expression());
      take(",");
    }
    return found;
  }
  static std::string text_in(const Expr& literal) {
    return std::get<std::string>(std::get<plan::Literal>(literal->node).values.at(0));
  }

  Expr call(const std::string& name) {
    const std::vector<Expr> a = arguments();
    const std::size_t dot = name.find('.');
    const std::string head = name.substr(0, dot);
    const std::string tail = dot == std::string::npos ? "" : name.substr(dot + 1);
    if (head == "exists") return make(plan::Exists{a.at(0), a.at(1)});
    if (head == "single") return make(plan::Single{a.at(0)});
    if (head == "each") return make(plan::Each{a.at(0), a.at(1)});
    if (head == "not") return make(plan::Not{a.at(0)});
    if (head == "and") return make(plan::And{a});
    if (head == "or") return make(plan::Or{a});
    if (head == "is_true") return make(plan::IsTrue{a.at(0)});
    if (head == "has_key") return make(plan::Present{a.at(0), plan::Present::Need::key});
    if (head == "has_value") return make(plan::Present{a.at(0), plan::Present::Need::value});
    if (head == "has_leaf") return make(plan::Present{a.at(0), plan::Present::Need::leaf});
    if (head == "one_of" || head == "one_of_or_null") return one_of(head, tail, a);
    if (head == "match") return pattern(tail, a);
    if (head == "in_network") return network(a);
    if (kDomains.contains(head)) {
      return make(plan::Compare{look_up(kOperators, tail), look_up(kDomains, head), a.at(0), a.at(1)});
    }
    const auto function = plan::function_named(name);
    if (!function) throw std::invalid_argument("unknown function: " + name);
    return make(plan::Call{*function, a});
  }
  static Expr one_of(const std::string& head, const std::string& domain, const std::vector<Expr>& a) {
    Values values = std::get<plan::Literal>(a.at(1)->node).values;
    std::sort(values.begin(), values.end(), [](const Value& x, const Value& y) { return compare_values(x, y) < 0; });
    return make(plan::OneOf{a.at(0), look_up(kDomains, domain), std::move(values), head == "one_of_or_null"});
  }
  static Expr pattern(const std::string& fold, const std::vector<Expr>& a) {
    const auto folding = fold == "ascii"     ? plan::Pattern::Fold::ascii
                         : fold == "unicode" ? plan::Pattern::Fold::unicode
                                             : plan::Pattern::Fold::none;
    return make(plan::Match{a.at(0), plan::Pattern(pieces_of(text_in(a.at(1))), folding)});
  }
  static Expr network(const std::vector<Expr>& a) {
    std::vector<Cidr> blocks;
    for (std::size_t i = 1; i < a.size(); ++i) {
      const auto block = parse_cidr(text_in(a[i]));
      if (!block) throw std::invalid_argument("no block: " + text_in(a[i]));
      blocks.push_back(*block);
    }
    return make(plan::InNetwork{a.at(0), std::move(blocks)});
  }

  std::string_view text_;
  const std::vector<event::ColumnRef>& columns_;
};

}  // namespace

Cell OwnedCell::view(Arena& arena) const& {
  switch (state) {
    case Cell::State::absent:
      return Cell::absent();
    case Cell::State::null:
      return Cell::null();
    case Cell::State::empty:
      return Cell::empty();
    case Cell::State::object:
      return Cell::object();
    case Cell::State::values:
      break;
  }
  std::vector<Scalar> scalars;
  for (const Value& value : values) scalars.push_back(to_scalar(value));
  return Cell::several(arena.copy(std::span<const Scalar>(scalars)));
}

OwnedCell own(const Cell& cell) {
  OwnedCell owned{cell.state(), {}};
  for (const Scalar& scalar : cell.values()) owned.values.push_back(to_value(scalar));
  return owned;
}

OwnedCell read_cell(std::string_view text) {
  const std::vector<event::ColumnRef> none;
  return Reader(text, none).whole_cell();
}

plan::Expr read_expression(std::string_view text, const std::vector<event::ColumnRef>& columns) {
  return Reader(text, columns).whole_expression();
}

std::string write(const OwnedCell& cell) {
  switch (cell.state) {
    case Cell::State::absent:
      return "absent";
    case Cell::State::null:
      return "null";
    case Cell::State::empty:
      return "[]";
    case Cell::State::object:
      return "{}";
    case Cell::State::values:
      break;
  }
  std::string out;
  for (const Value& value : cell.values) {
    if (!out.empty()) out += ", ";
    const bool text = std::holds_alternative<std::string>(value);
    if (std::holds_alternative<IpAddress>(value)) out += "@";
    out += text ? "\"" + to_text(value) + "\"" : to_text(value);
  }
  return cell.values.size() == 1 ? out : "[" + out + "]";
}

}  // namespace trailhound::engine::test
