// Forms into expressions: the inverse of print_expression.cc.

#include <charconv>
#include <span>
#include <utility>

#include "base/number_text.h"
#include "plan/expression_form.h"

namespace trailhound::plan {

namespace {

// A scalar or null; nothing if the form is none.
std::optional<Value> value_of(const Form& form) {
  if (!form.type.empty()) return std::nullopt;
  if (form.kind == Form::Kind::string) return Value(form.text);
  if (form.kind != Form::Kind::atom) return std::nullopt;
  if (form.tail) {
    const auto address = form.text == "ip" ? parse_ip(*form.tail) : std::nullopt;
    return address ? std::optional<Value>(*address) : std::nullopt;
  }
  if (form.text == "null") return Value();
  if (form.text == "true") return Value(true);
  if (form.text == "false") return Value(false);
  if (form.text.find_first_not_of("-0123456789") == std::string::npos) {
    return number_in<std::int64_t>(form.text);
  }
  return number_in<double>(form.text);
}

class ExpressionReader {
 public:
  ExpressionReader(std::string_view text, const ColumnResolver& columns) : text_(text), columns_(columns) {}

  Result<Expr> read(const Form& form) const {
    TRY(Expression::Node node, read_node(form));
    LogicalType type = natural_type(node);
    if (!form.type.empty()) {
      const auto named = type_named(form.type);
      if (!named) return error(form, "unknown type " + form.type);
      type = *named;
    }
    return make(std::move(node), type);
  }

 private:
  using Node = Expression::Node;
  using Arguments = std::span<const Form>;

  std::unexpected<Error> error(const Form& form, std::string what) const {
    return error_at(form, text_, std::move(what));
  }

  Result<Node> read_node(const Form& form) const {
    switch (form.kind) {
      case Form::Kind::string:
        return Literal{{form.text}};
      case Form::Kind::vector: {
        TRY(Values values, read_values(form));
        return Literal{std::move(values)};
      }
      case Form::Kind::atom:
        return read_atom(form);
      case Form::Kind::list:
        break;
    }
    const std::string_view head = form.head();
    if (head.empty()) return error(form, "a name is expected behind the bracket");
    return read_list(form, head.substr(0, head.find(':')), kind_in(head), Arguments(form.items).subspan(1));
  }

  static std::string_view kind_in(std::string_view head) {
    const std::size_t colon = head.find(':');
    return colon == std::string_view::npos ? std::string_view() : head.substr(colon + 1);
  }

  Result<Node> read_atom(const Form& form) const {
    if (form.is_atom("now")) return RunTime{};
    if (form.is_atom("null")) return Literal{};
    if (!form.tail && form.text.starts_with('%')) {
      const auto depth = number_in<decltype(Variable::depth)>(std::string_view(form.text).substr(1));
      if (depth) return Variable{*depth};
      return error(form, "a variable is % and a number");
    }
    for (const event::View view : {event::View::raw, event::View::ecs, event::View::datadog, event::View::address}) {
      std::string prefix(event::name_of(view));
      prefix += ':';
      if (form.text.starts_with(prefix)) return read_column(form, view, form.text.substr(prefix.size()));
    }
    Form bare = form;
    bare.type.clear();
    const auto value = value_of(bare);
    if (!value) return error(form, "neither a literal nor a column: " + form.text);
    return Literal{{*value}};
  }

  Result<Node> read_column(const Form& form, event::View view, const std::string& plain) const {
    if (form.tail && !plain.empty()) return error(form, "a column's name is either plain or quoted");
    auto found = columns_.find(view, form.tail ? *form.tail : plain);
    if (!found) return error(form, found.error().text());
    return Column{*std::move(found)};
  }

  Result<Values> read_values(const Form& form) const {
    if (form.kind != Form::Kind::vector) return error(form, "a list of values in square brackets is expected");
    Values values;
    for (const Form& item : form.items) {
      auto value = value_of(item);
      if (!value) return error(item, "a value is expected");
      values.push_back(*std::move(value));
    }
    return values;
  }

  Result<std::vector<Expr>> read_all(Arguments arguments) const {
    std::vector<Expr> list;
    for (const Form& argument : arguments) {
      TRY(Expr expression, read(argument));
      list.push_back(std::move(expression));
    }
    return list;
  }

  // A node of one or two operands and nothing else.
  template <class NodeType>
  Result<Node> read_unary(Arguments arguments) const {
    TRY(Expr operand, read(arguments[0]));
    return NodeType{std::move(operand)};
  }
  template <class NodeType>
  Result<Node> read_lift(Arguments arguments) const {
    TRY(Expr over, read(arguments[0]));
    TRY(Expr body, read(arguments[1]));
    return NodeType{std::move(over), std::move(body)};
  }
  template <class NodeType>
  Result<Node> read_operands(Arguments arguments) const {
    TRY(auto operands, read_all(arguments));
    return NodeType{std::move(operands)};
  }

  Result<Node> read_list(const Form& form, std::string_view name, std::string_view kind, Arguments arguments) const {
    const auto takes = [&](std::size_t least, std::size_t most) {
      return arguments.size() >= least && arguments.size() <= most;
    };
    const auto wrong_count = [&] { return error(form, "wrong number of operands for " + std::string(name)); };
    const auto unless = [&](bool right, auto read_it) -> Result<Node> {
      if (!right) return wrong_count();
      return read_it();
    };
    if (const int op = index_of(name, kComparisonSymbols); op >= 0) {
      return unless(takes(2, 2), [&] { return read_compare(form, static_cast<ComparisonOp>(op), kind, arguments); });
    }
    if (name == "one_of") return unless(takes(2, 3), [&] { return read_one_of(form, kind, arguments); });
    if (name == "match") return unless(!arguments.empty(), [&] { return read_match(form, kind, arguments); });
    if (name == "match_regex") return unless(takes(2, 2), [&] { return read_regex(form, kind, arguments); });
    if (!kind.empty()) return error(form, std::string(name) + " has no kinds");
    if (name == "and") return read_operands<And>(arguments);
    if (name == "or") return read_operands<Or>(arguments);
    if (name == "not") return unless(takes(1, 1), [&] { return read_unary<Not>(arguments); });
    if (name == "is_true") return unless(takes(1, 1), [&] { return read_unary<IsTrue>(arguments); });
    if (name == "single") return unless(takes(1, 1), [&] { return read_unary<Single>(arguments); });
    if (name == "exists") return unless(takes(2, 2), [&] { return read_lift<Exists>(arguments); });
    if (name == "each") return unless(takes(2, 2), [&] { return read_lift<Each>(arguments); });
    if (name == "present") return unless(takes(2, 2), [&] { return read_present(arguments); });
    if (name == "slot") return unless(takes(2, 2), [&] { return read_slot(arguments); });
    if (name == "in_network") return unless(takes(2, 2), [&] { return read_in_network(arguments); });
    const auto function = function_named(name);
    if (!function) return error(form, "unknown node or function " + std::string(name));
    const FunctionInfo& row = info(*function);
    const auto most = row.max_arguments < 0 ? arguments.size() : static_cast<std::size_t>(row.max_arguments);
    return unless(takes(static_cast<std::size_t>(row.min_arguments), most), [&]() -> Result<Node> {
      TRY(auto list, read_all(arguments));
      return Call{*function, std::move(list)};
    });
  }

  Result<Domain> read_domain(const Form& form, std::string_view kind) const {
    const int domain = kind.empty() ? 0 : index_of(kind, kDomainNames);
    if (domain < 0) return error(form, "unknown domain " + std::string(kind));
    return static_cast<Domain>(domain);
  }

  Result<Node> read_compare(const Form& form, ComparisonOp op, std::string_view kind, Arguments arguments) const {
    TRY(const Domain domain, read_domain(form, kind));
    TRY(Expr left, read(arguments[0]));
    TRY(Expr right, read(arguments[1]));
    return Compare{op, domain, std::move(left), std::move(right)};
  }

  Result<Node> read_one_of(const Form& form, std::string_view kind, Arguments arguments) const {
    TRY(const Domain domain, read_domain(form, kind));
    const bool has_null = arguments.size() == 3;
    if (has_null && !arguments[2].is_atom("or_null")) return error(arguments[2], "only or_null can stand here");
    TRY(Expr needle, read(arguments[0]));
    TRY(Values values, read_values(arguments[1]));
    return OneOf{std::move(needle), domain, std::move(values), has_null};
  }

  Result<Node> read_regex(const Form& form, std::string_view kind, Arguments arguments) const {
    const int fold = kind.empty() ? 0 : index_of(kind, kFoldNames);
    if (fold < 0) return error(form, "unknown folding " + std::string(kind));
    TRY(Expr text, read(arguments[0]));
    if (arguments[1].kind != Form::Kind::string) return error(arguments[1], "a regular expression is a string");
    auto pattern = Pattern::regular(arguments[1].text, static_cast<Pattern::Fold>(fold));
    if (!pattern) return error(arguments[1], pattern.error().what);
    return Match{std::move(text), *std::move(pattern)};
  }

  Result<Node> read_match(const Form& form, std::string_view kind, Arguments arguments) const {
    const int fold = kind.empty() ? 0 : index_of(kind, kFoldNames);
    if (fold < 0) return error(form, "unknown fold " + std::string(kind));
    TRY(Expr text, read(arguments[0]));
    std::vector<Pattern::Piece> pieces;
    for (const Form& argument : arguments.subspan(1)) {
      if (argument.kind == Form::Kind::string)
        pieces.push_back({Pattern::Piece::Kind::literal, argument.text});
      else if (argument.is_atom("*"))
        pieces.push_back({Pattern::Piece::Kind::any_run, {}});
      else if (argument.is_atom("?"))
        pieces.push_back({Pattern::Piece::Kind::any_one, {}});
      else
        return error(argument, "a pattern is made of strings, * and ?");
    }
    return Match{std::move(text), Pattern(std::move(pieces), static_cast<Pattern::Fold>(fold))};
  }

  Result<Node> read_present(Arguments arguments) const {
    const int need = arguments[0].kind == Form::Kind::atom ? index_of(arguments[0].text, kNeedNames) : -1;
    if (need < 0) return error(arguments[0], "key, value or leaf is expected");
    TRY(Expr over, read(arguments[1]));
    return Present{std::move(over), static_cast<Present::Need>(need)};
  }

  Result<Node> read_slot(Arguments arguments) const {
    const auto index = number_in<decltype(Slot::index)>(arguments[0].text);
    if (!index) return error(arguments[0], "a slot's number is expected");
    if (arguments[1].kind != Form::Kind::string) return error(arguments[1], "a slot's name is expected");
    return Slot{*index, arguments[1].text};
  }

  Result<Node> read_in_network(Arguments arguments) const {
    TRY(Expr address, read(arguments[0]));
    InNetwork node{std::move(address), {}};
    if (arguments[1].kind != Form::Kind::vector) return error(arguments[1], "networks in square brackets are expected");
    for (const Form& item : arguments[1].items) {
      const auto block = item.kind == Form::Kind::string ? parse_cidr(item.text) : std::nullopt;
      if (!block) return error(item, "a network such as \"10.0.0.0/8\" is expected");
      node.blocks.push_back(*block);
    }
    return node;
  }

  std::string_view text_;
  const ColumnResolver& columns_;
};

}  // namespace

std::optional<LogicalType> type_named(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(LogicalType::unsupported); ++i) {
    if (event::name_of(static_cast<LogicalType>(i)) == name) return static_cast<LogicalType>(i);
  }
  return std::nullopt;
}

std::unexpected<Error> error_at(const Form& form, std::string_view text, std::string what) {
  const LineColumn place = line_column_of(text, form.offset);
  return fail(std::move(what), std::to_string(place.line) + ":" + std::to_string(place.column));
}

Result<Expr> read_expression(const Form& form, std::string_view text, const ColumnResolver& columns) {
  return ExpressionReader(text, columns).read(form);
}

Result<Expr> parse_expression(std::string_view text, const ColumnResolver& columns) {
  TRY(const Form form, parse_form(text));
  return read_expression(form, text, columns);
}

}  // namespace trailhound::plan
