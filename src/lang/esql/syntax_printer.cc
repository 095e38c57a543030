#include <string_view>

#include "base/overloaded.h"
#include "lang/esql/syntax.h"

namespace trailhound::esql {
namespace {

std::string_view symbol(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::add:
      return "+";
    case BinaryOperator::subtract:
      return "-";
    case BinaryOperator::multiply:
      return "*";
    case BinaryOperator::divide:
      return "/";
    case BinaryOperator::modulo:
      return "%";
    case BinaryOperator::equal:
      return "==";
    case BinaryOperator::not_equal:
      return "!=";
    case BinaryOperator::less:
      return "<";
    case BinaryOperator::less_equal:
      return "<=";
    case BinaryOperator::greater:
      return ">";
    case BinaryOperator::greater_equal:
      return ">=";
  }
  return "?";
}

std::string print_literal(const Literal& literal) {
  if (literal.type == event::LogicalType::null) return "null";
  if (const auto* text = std::get_if<std::string>(&literal.value)) return '"' + *text + '"';
  if (literal.type == event::LogicalType::unsigned_long) {
    return std::to_string(static_cast<std::uint64_t>(std::get<std::int64_t>(literal.value)));
  }
  if (const auto* number = std::get_if<std::int64_t>(&literal.value)) return std::to_string(*number);
  if (const auto* truth = std::get_if<bool>(&literal.value)) return *truth ? "true" : "false";
  return to_text(literal.value);
}

std::string join(std::string_view head, const std::vector<ExpressionPtr>& operands) {
  std::string out = "(" + std::string(head);
  for (const auto& operand : operands) out += " " + print(*operand);
  return out + ")";
}

std::string print_field(const Field& field) {
  std::string out = "[" + field.name + "] " + print(*field.value);
  if (field.filter) out += " where " + print(*field.filter);
  return out;
}

std::string print_fields(const std::vector<Field>& fields) {
  std::string out;
  for (const auto& field : fields) out += (out.empty() ? "" : ", ") + print_field(field);
  return out;
}

std::string print_patterns(const std::vector<NamePattern>& patterns) {
  std::string out;
  for (const auto& pattern : patterns) out += (out.empty() ? "" : ", ") + pattern.text();
  return out;
}

std::string print_from(const From& from) {
  std::string out;
  for (const auto& item : from.items) {
    if (!out.empty()) out += ", ";
    if (item.query) {
      out += "(" + print(*item.query) + ")";
      continue;
    }
    if (!item.cluster.empty()) out += item.cluster + ":";
    out += item.pattern;
    if (!item.selector.empty()) out += "::" + item.selector;
  }
  for (std::size_t i = 0; i < from.metadata.size(); ++i) out += (i ? ", " : " metadata ") + from.metadata[i].text;
  return out;
}

std::string print_sort(const Sort& sort) {
  std::string out;
  for (const auto& item : sort.items) {
    out += (out.empty() ? "" : ", ") + print(*item.key) + (item.descending ? " desc" : " asc");
    if (item.nulls_given) out += item.nulls_first ? " nulls first" : " nulls last";
  }
  return out;
}

std::string print_command(const Command& command) {
  return std::visit(
      Overloaded{
          [](const From& c) { return " " + print_from(c); }, [](const Row& c) { return " " + print_fields(c.fields); },
          [](const Show& c) { return " " + c.what; }, [](const Where& c) { return " " + print(*c.condition); },
          [](const Eval& c) { return " " + print_fields(c.fields); },
          [](const Keep& c) { return " " + print_patterns(c.patterns); },
          [](const Drop& c) { return " " + print_patterns(c.patterns); },
          [](const Rename& c) {
            std::string out;
            for (const auto& pair : c.pairs) {
              out += (out.empty() ? " " : ", ") + pair.from.text() + " as " + pair.to.text();
            }
            return out;
          },
          [](const Stats& c) {
            std::string out = c.aggregates.empty() ? "" : " " + print_fields(c.aggregates);
            if (!c.keys.empty()) out += " by " + print_fields(c.keys);
            return out;
          },
          [](const Sort& c) { return " " + print_sort(c); },
          [](const Limit& c) { return " " + print(*c.count) + (c.keys.empty() ? "" : " " + join("by", c.keys)); },
          [](const Dissect& c) { return " " + print(*c.input) + " \"" + c.pattern + "\""; },
          [](const Grok& c) {
            std::string out = " " + print(*c.input);
            for (const auto& pattern : c.patterns) out += " \"" + pattern + "\"";
            return out;
          },
          [](const MvExpand& c) { return " " + c.column.text; }, [](const Enrich& c) { return " " + c.policy; },
          [](const LookupJoin& c) { return " " + c.index + " " + join("on", c.conditions); },
          [](const Fork& c) {
            std::string out;
            for (const auto& branch : c.branches) out += " (" + print(*branch) + ")";
            return out;
          },
          [](const Completion& c) { return " " + c.target.text + " " + print(*c.prompt); },
          [](const auto&) { return std::string(); }},
      command.node);
}

}  // namespace

bool NamePattern::has_star() const {
  for (const auto& piece : pieces) {
    if (piece.star) return true;
  }
  return false;
}

std::string NamePattern::text() const {
  std::string out;
  for (const auto& piece : pieces) out += piece.star ? "*" : piece.text;
  return out;
}

std::string print(const Expression& expression) {
  return std::visit(
      Overloaded{[](const Literal& e) { return print_literal(e); },
                 [](const ArrayLiteral& e) {
                   std::string out = "[";
                   for (const auto& element : e.elements) out += (out.size() > 1 ? " " : "") + print_literal(element);
                   return out + "]";
                 },
                 [](const TimeSpan& e) { return std::to_string(e.amount) + " " + e.unit; },
                 [](const ColumnName& e) { return e.name; }, [](const Parameter& e) { return e.text; },
                 [](const FunctionCall& e) {
                   std::string out = join(e.name, e.arguments);
                   if (e.star) out.insert(out.size() - 1, " *");
                   if (!e.options.empty()) out.insert(out.size() - 1, " {" + e.options.front().key + "}");
                   return out;
                 },
                 [](const Cast& e) { return "(:: " + print(*e.operand) + " " + e.type + ")"; },
                 [](const Negate& e) { return "(neg " + print(*e.operand) + ")"; },
                 [](const Binary& e) {
                   return "(" + std::string(symbol(e.op)) + " " + print(*e.left) + " " + print(*e.right) + ")";
                 },
                 [](const LogicalNot& e) { return "(not " + print(*e.operand) + ")"; },
                 [](const LogicalAnd& e) { return join("and", e.operands); },
                 [](const LogicalOr& e) { return join("or", e.operands); },
                 [](const Like& e) {
                   std::string out = e.regular ? "(rlike " : "(like ";
                   out += print(*e.text) + " " + join(e.list ? "any" : "one", e.patterns) + ")";
                   return e.negated ? "(not " + out + ")" : out;
                 },
                 [](const In& e) {
                   std::string out = "(in " + print(*e.needle);
                   out += e.query ? " (" + print(*e.query) + "))" : " " + join("list", e.values) + ")";
                   return e.negated ? "(not " + out + ")" : out;
                 },
                 [](const IsNull& e) { return (e.negated ? "(set? " : "(null? ") + print(*e.operand) + ")"; },
                 [](const MatchField& e) { return "(match " + print(*e.field) + " " + print(*e.constant) + ")"; }},
      expression.node);
}

std::string print(const Pipeline& pipeline) {
  std::string out;
  for (const auto& command : pipeline.commands) {
    out += (out.empty() ? "" : " | ") + command.name + print_command(command);
  }
  return out;
}

}  // namespace trailhound::esql
