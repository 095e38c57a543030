// The text form of expressions, on top of the forms of text_form.h.
//
//   literal      null  true  -5  2.5  "text"  ip"10.0.0.1"  ["a" "b"]      a vector is a multi-value
//   column       ecs:user.name  raw:errorCode  datadog:@evt.name  ecs:"name with blanks"
//   others       (slot 2 "count")  %0 = variable of the innermost lift  now = the time of the run
//   lifts        (exists OVER BODY)  (single X)  (each OVER BODY)
//   logic        (not X)  (and X...)  (or X...)  (is_true X)
//   presence     (present key X)  (present value X)  (present leaf X)
//   comparison   (= X Y)  (!= X Y)  (< X Y) ...; another domain than native: (=:folded X Y), domains as kDomainNames
//   lists        (one_of X ["a" "b"])  (one_of:text X [1 2] or_null)
//   patterns     (match X "AKIA" *)  (match:ascii X * "role/" ?); folds as kFoldNames
//                (match_regex X "[a-c]+")  (match_regex:unicode X "[a-c]+")    Lucene's dialect
//   networks     (in_network X ["10.0.0.0/8"])
//   functions    (starts_with X Y) and so on, names as in functions.cc
//
// A type is written only where it is not the natural one: columns have their own, predicates are boolean, `single` and
// `each` take their inner one's, literals that of their value (keyword, long, double, boolean, ip), the rest is any:
//   (date_trunc 300000000 (single ecs:@timestamp))::datetime

#include <algorithm>

#include "base/number_text.h"
#include "plan/expression_form.h"

namespace trailhound::plan {

namespace {

Form form_of(const Value& value) {
  if (const auto* b = std::get_if<bool>(&value)) return atom(*b ? "true" : "false");
  if (const auto* n = std::get_if<std::int64_t>(&value)) return atom(std::to_string(*n));
  if (const auto* d = std::get_if<double>(&value)) return atom(real_text_kept_real(*d));
  if (const auto* text = std::get_if<std::string>(&value)) return string_form(*text);
  if (const auto* address = std::get_if<IpAddress>(&value)) return prefixed("ip", format_ip(*address));
  return atom("null");
}

Form form_of(const Values& values) {
  std::vector<Form> items;
  for (const Value& value : values) items.push_back(form_of(value));
  return vector_form(std::move(items));
}

bool is_plain_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return c > ' ' && c < 0x7F && !std::string_view("()[]\":").contains(c);
  });
}

// "one_of:folded"; the usual kind is not written.
std::string head_with(std::string_view head, std::string_view kind, std::string_view usual) {
  std::string out(head);
  if (kind != usual) out.append(":").append(kind);
  return out;
}

std::vector<Form> forms_of(const std::vector<Expr>& list) {
  std::vector<Form> forms;
  forms.reserve(list.size());
  for (const Expr& expression : list) forms.push_back(to_form(expression));
  return forms;
}

struct FormMaker {
  Form operator()(const Literal& node) const {
    if (node.values.empty()) return atom("null");
    const bool scalar = node.values.size() == 1 && !is_null(node.values[0]);
    return scalar ? form_of(node.values[0]) : form_of(node.values);
  }
  Form operator()(const Column& node) const {
    std::string prefix(event::name_of(node.column->view));
    prefix += ':';
    return is_plain_name(node.column->name) ? atom(prefix + node.column->name) : prefixed(prefix, node.column->name);
  }
  Form operator()(const Slot& node) const { return list("slot", {number_form(node.index), string_form(node.name)}); }
  Form operator()(const Variable& node) const { return atom("%" + std::to_string(node.depth)); }
  Form operator()(const RunTime&) const { return atom("now"); }
  Form operator()(const Exists& node) const { return list("exists", {to_form(node.over), to_form(node.body)}); }
  Form operator()(const Single& node) const { return list("single", {to_form(node.over)}); }
  Form operator()(const Each& node) const { return list("each", {to_form(node.over), to_form(node.body)}); }
  Form operator()(const Not& node) const { return list("not", {to_form(node.operand)}); }
  Form operator()(const And& node) const { return list("and", forms_of(node.operands)); }
  Form operator()(const Or& node) const { return list("or", forms_of(node.operands)); }
  Form operator()(const IsTrue& node) const { return list("is_true", {to_form(node.operand)}); }
  Form operator()(const Present& node) const {
    return list("present", {atom(kNeedNames[static_cast<std::size_t>(node.need)]), to_form(node.over)});
  }
  Form operator()(const Compare& node) const {
    return list(in_domain(kComparisonSymbols[static_cast<std::size_t>(node.op)], node.domain),
                {to_form(node.left), to_form(node.right)});
  }
  Form operator()(const OneOf& node) const {
    std::vector<Form> items{to_form(node.needle), form_of(node.values)};
    if (node.has_null) items.push_back(atom("or_null"));
    return list(in_domain("one_of", node.domain), std::move(items));
  }
  Form operator()(const Match& node) const {
    std::vector<Form> items{to_form(node.text)};
    if (node.pattern.shape() == Pattern::Shape::regular) {
      items.push_back(string_form(node.pattern.regular_text()));
      return list(head_with("match_regex", kFoldNames[static_cast<std::size_t>(node.pattern.fold())], kFoldNames[0]),
                  std::move(items));
    }
    for (const Pattern::Piece& piece : node.pattern.pieces()) items.push_back(form_of_piece(piece));
    const auto fold = static_cast<std::size_t>(node.pattern.fold());
    return list(head_with("match", kFoldNames[fold], kFoldNames[0]), std::move(items));
  }
  Form operator()(const InNetwork& node) const {
    std::vector<Form> blocks;
    for (const Cidr& block : node.blocks) blocks.push_back(string_form(format_cidr(block)));
    return list("in_network", {to_form(node.address), vector_form(std::move(blocks))});
  }
  Form operator()(const Call& node) const { return list(info(node.function).name, forms_of(node.arguments)); }

 private:
  static std::string in_domain(std::string_view head, Domain domain) {
    return head_with(head, kDomainNames[static_cast<std::size_t>(domain)], kDomainNames[0]);
  }
  static Form form_of_piece(const Pattern::Piece& piece) {
    switch (piece.kind) {
      case Pattern::Piece::Kind::any_run:
        return atom("*");
      case Pattern::Piece::Kind::any_one:
        return atom("?");
      case Pattern::Piece::Kind::literal:
        return string_form(piece.text);
    }
    return {};
  }
};

struct NaturalType {
  LogicalType operator()(const Literal& node) const {
    if (node.values.empty()) return LogicalType::null;
    constexpr LogicalType kTypes[] = {LogicalType::any,  LogicalType::boolean, LogicalType::long_integer,
                                      LogicalType::real, LogicalType::keyword, LogicalType::ip};
    return kTypes[node.values[0].index()];
  }
  LogicalType operator()(const Column& node) const { return node.column->type; }
  LogicalType operator()(const RunTime&) const { return LogicalType::date; }
  LogicalType operator()(const Single& node) const { return type_of(node.over); }
  LogicalType operator()(const Each& node) const { return type_of(node.body); }
  template <class Other>
  LogicalType operator()(const Other&) const {
    return kNaturalType<Other>;
  }

 private:
  static LogicalType type_of(const Expr& part) { return part == nullptr ? LogicalType::any : part->type; }
};

}  // namespace

LogicalType natural_type(const Expression::Node& node) { return std::visit(NaturalType{}, node); }

Form to_form(const Expr& expression) {
  if (expression == nullptr) return atom("none");
  Form form = std::visit(FormMaker{}, expression->node);
  if (expression->type != natural_type(expression->node)) form.type = event::name_of(expression->type);
  return form;
}

std::string print(const Expr& expression) { return to_text(to_form(expression)); }

}  // namespace trailhound::plan
