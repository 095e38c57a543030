#include "engine/evaluator.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/function_kernels.h"
#include "engine/scalar_kernels.h"

namespace trailhound::engine {
namespace {

using plan::Expression;

/// The element of a lift while its body is evaluated; frames hang together from the innermost outwards.
struct Frame {
  const Scalar* element;
  const Frame* outer;
};

Truth truth_of_cell(const Cell& cell) {
  if (!cell.is_single()) return Truth::unknown;
  const bool* boolean = std::get_if<bool>(cell.values().data());
  return boolean == nullptr ? Truth::unknown : truth_of(*boolean);
}

Cell cell_of_truth(Truth truth) { return truth == Truth::unknown ? Cell::null() : Cell::one(truth == Truth::yes); }

/// A view of owned values. A list has to be laid out anew, as it holds owned texts.
Cell view_of(const Values& values, Arena& arena) {
  if (values.empty()) return Cell::null();
  if (values.size() == 1) return is_null(values[0]) ? Cell::null() : Cell::one(to_scalar(values[0]));
  std::vector<Scalar> scalars;
  scalars.reserve(values.size());
  for (const Value& value : values) {
    if (!is_null(value)) scalars.push_back(to_scalar(value));
  }
  return scalars.empty() ? Cell::null() : Cell::several(arena.copy(std::span<const Scalar>(scalars)));
}

Cell read(const event::Column& column, EvaluationContext& context) {
  if (column.constant) return Cell::one(std::string_view(*column.constant));
  if (column.depends_on) {
    const auto index = static_cast<std::size_t>(*column.depends_on);
    const Cell* hot = context.hot == nullptr ? nullptr : (*context.hot)[index];
    if (hot == nullptr && context.record != nullptr) hot = &context.record->hot(*column.depends_on);
    return hot == nullptr ? Cell::absent() : column.from_hot(*hot, context.arena);
  }
  return context.record == nullptr ? Cell::absent() : column.read(*context.record, context.arena);
}

Cell read_remembered(const event::Column& column, EvaluationContext& context) {
  if (context.memo == nullptr) return read(column, context);
  bool known = false;
  Cell* place = context.memo->find(column, known);
  if (place == nullptr) return read(column, context);
  if (!known) *place = read(column, context);
  return *place;
}

/// Walks one expression. `truth` and `cell` call each other: predicates know their truth, the others their cell.
class Walk {
 public:
  explicit Walk(EvaluationContext& context) : context_(context) {}

  [[nodiscard]] Truth truth(const Expression& e, const Frame* frame) {
    return std::visit([&](const auto& node) { return truth_at(node, e, frame); }, e.node);
  }
  [[nodiscard]] Cell cell(const Expression& e, const Frame* frame) {
    return std::visit([&](const auto& node) { return cell_at(node, e, frame); }, e.node);
  }

 private:
  // --- Predicates ---
  Truth truth_at(const plan::Exists& node, const Expression&, const Frame* frame) {
    const Cell over = cell(*node.over, frame);
    for (const Scalar& element : over.values()) {
      const Frame inner{&element, frame};
      if (truth(*node.body, &inner) == Truth::yes) return Truth::yes;
    }
    return Truth::no;
  }
  Truth truth_at(const plan::Not& node, const Expression&, const Frame* frame) { return !truth(*node.operand, frame); }
  Truth truth_at(const plan::And& node, const Expression&, const Frame* frame) {
    Truth all = Truth::yes;
    for (const plan::Expr& operand : node.operands) {
      all = all & truth(*operand, frame);
      if (all == Truth::no) break;
    }
    return all;
  }
  Truth truth_at(const plan::Or& node, const Expression&, const Frame* frame) {
    Truth any = Truth::no;
    for (const plan::Expr& operand : node.operands) {
      any = any | truth(*operand, frame);
      if (any == Truth::yes) break;
    }
    return any;
  }
  Truth truth_at(const plan::IsTrue& node, const Expression&, const Frame* frame) {
    return truth_of(truth(*node.operand, frame) == Truth::yes);
  }
  Truth truth_at(const plan::Present& node, const Expression&, const Frame* frame) {
    const Cell over = cell(*node.over, frame);
    switch (node.need) {
      case plan::Present::Need::key:
        return truth_of(over.state() != Cell::State::absent);
      case plan::Present::Need::value:
        return truth_of(over.has_values());
      case plan::Present::Need::leaf:
        return truth_of(over.has_values() || over.state() == Cell::State::object);
    }
    return Truth::no;
  }
  Truth truth_at(const plan::Compare& node, const Expression&, const Frame* frame) {
    const Cell left = cell(*node.left, frame);
    if (!left.is_single()) return Truth::unknown;
    const Cell right = cell(*node.right, frame);
    if (!right.is_single()) return Truth::unknown;
    return compare(node.op, node.domain, left.values()[0], right.values()[0]);
  }
  Truth truth_at(const plan::OneOf& node, const Expression&, const Frame* frame) {
    const Cell needle = cell(*node.needle, frame);
    return needle.is_single() ? one_of(node, needle.values()[0]) : Truth::unknown;
  }
  Truth truth_at(const plan::Match& node, const Expression&, const Frame* frame) {
    const Cell text = cell(*node.text, frame);
    return text.is_single() ? match(node.pattern, text.values()[0]) : Truth::unknown;
  }
  Truth truth_at(const plan::InNetwork& node, const Expression&, const Frame* frame) {
    const Cell address = cell(*node.address, frame);
    return address.is_single() ? in_network(node.blocks, address.values()[0]) : Truth::unknown;
  }
  /// Everything else is a value that may happen to be a boolean.
  template <class Node>
  Truth truth_at(const Node& node, const Expression& e, const Frame* frame) {
    return truth_of_cell(cell_at(node, e, frame));
  }

  // --- Values ---
  Cell cell_at(const plan::Literal& node, const Expression&, const Frame*) {
    return view_of(node.values, context_.arena);
  }
  Cell cell_at(const plan::Column& node, const Expression&, const Frame*) {
    return read_remembered(*node.column, context_);
  }
  Cell cell_at(const plan::Slot& node, const Expression&, const Frame*) {
    return node.index < context_.slots.size() ? view_of(context_.slots[node.index], context_.arena) : Cell::null();
  }
  Cell cell_at(const plan::Variable& node, const Expression&, const Frame* frame) {
    for (std::uint32_t depth = node.depth; depth > 0 && frame != nullptr; --depth) frame = frame->outer;
    return frame == nullptr ? Cell::null() : Cell::one(*frame->element);
  }
  Cell cell_at(const plan::RunTime&, const Expression&, const Frame*) {
    return context_.run_time ? Cell::one(context_.run_time->micros) : Cell::null();
  }
  Cell cell_at(const plan::Single& node, const Expression& e, const Frame* frame) {
    const Cell over = cell(*node.over, frame);
    if (over.is_single()) return over;
    if (over.size() > 1) warn(context_, e, Failure::several_values);
    return Cell::null();
  }
  Cell cell_at(const plan::Each& node, const Expression&, const Frame* frame) {
    const Cell over = cell(*node.over, frame);
    std::vector<Scalar> results;
    for (const Scalar& element : over.values()) {
      const Frame inner{&element, frame};
      const Cell result = cell(*node.body, &inner);
      results.insert(results.end(), result.values().begin(), result.values().end());
    }
    if (results.empty()) return Cell::null();
    if (results.size() == 1) return Cell::one(results.front());
    return Cell::several(context_.arena.copy(std::span<const Scalar>(results)));
  }
  Cell cell_at(const plan::Call& node, const Expression& e, const Frame* frame) {
    if (node.function == plan::Function::coalesce) return coalesce(node, frame);
    if (node.function == plan::Function::case_when) return case_when(node, frame);
    return call_kernel(node, e, frame);
  }
  /// Everything else is a predicate.
  template <class Node>
  Cell cell_at(const Node& node, const Expression& e, const Frame* frame) {
    return cell_of_truth(truth_at(node, e, frame));
  }

  Cell coalesce(const plan::Call& node, const Frame* frame) {
    for (const plan::Expr& argument : node.arguments) {
      const Cell value = cell(*argument, frame);
      if (value.has_values()) return value;
    }
    return Cell::null();
  }
  Cell case_when(const plan::Call& node, const Frame* frame) {
    const auto& arguments = node.arguments;
    std::size_t i = 0;
    for (; i + 1 < arguments.size(); i += 2) {
      if (truth(*arguments[i], frame) == Truth::yes) return cell(*arguments[i + 1], frame);
    }
    return i < arguments.size() ? cell(*arguments[i], frame) : Cell::null();
  }
  Cell call_kernel(const plan::Call& node, const Expression& e, const Frame* frame) {
    constexpr std::size_t kFew = 4;
    std::array<Cell, kFew> few;
    std::vector<Cell> many;
    const std::size_t count = node.arguments.size();
    if (count > kFew) many.resize(count);
    const std::span<Cell> cells = count > kFew ? std::span<Cell>(many) : std::span<Cell>(few).first(count);
    const plan::ArgumentRule rule = plan::info(node.function).arguments;
    for (std::size_t i = 0; i < count; ++i) {
      cells[i] = cell(*node.arguments[i], frame);
      if (!takes(rule, i, cells[i], e)) return Cell::null();
    }
    return kernel_of(node.function)(FunctionCall(cells, node, e, context_));
  }
  /// Whether the kernel is to see this argument; if not, the call is null.
  bool takes(plan::ArgumentRule rule, std::size_t index, const Cell& argument, const Expression& call) {
    if (argument.is_single() || rule == plan::ArgumentRule::whole) return true;
    if (argument.size() == 0) return false;
    if (rule == plan::ArgumentRule::first_whole && index == 0) return true;
    warn(context_, call, Failure::several_values);
    return false;
  }

  EvaluationContext& context_;
};

}  // namespace

void warn(EvaluationContext& context, const Expression& expression, Failure failure, std::string_view message) {
  ++context.warnings;
  if (context.failures != nullptr) context.failures->add(expression.at, expression.length, failure, message);
}

Cell evaluate(const Expression& expression, EvaluationContext& context) {
  return Walk(context).cell(expression, nullptr);
}

Truth truth(const Expression& expression, EvaluationContext& context) {
  return Walk(context).truth(expression, nullptr);
}

Values to_values(const Cell& cell) {
  Values values;
  values.reserve(cell.size());
  for (const Scalar& scalar : cell.values()) values.push_back(to_value(scalar));
  return values;
}

}  // namespace trailhound::engine
