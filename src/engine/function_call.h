#pragma once
/// What a kernel gets: its arguments, their types, and ways to fail. Inside src/engine only.
///
///     Cell repeat(const FunctionCall& call) {
///       const auto text = call.text(0);
///       const auto count = call.whole(1);
///       if (!text || !count) return Cell::null();
///       if (*count < 0) return call.fail(Failure::argument, "the number must not be negative");
///       ...
///       return call.text_result(repeated);
///     }
///
/// Kernels are pure functions of their arguments; what they return may point into the arguments and the arena.

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/value.h"
#include "engine/evaluation_warnings.h"
#include "engine/evaluator.h"
#include "plan/expression.h"

namespace trailhound::engine {

/// Something made from arguments: kept with the call if they are constant, else owned.
template <class T>
class PreparedArgument {
 public:
  explicit PreparedArgument(const T* kept) : value_(kept) {}
  explicit PreparedArgument(std::unique_ptr<const T> made) : owned_(std::move(made)), value_(owned_.get()) {}
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_; }

 private:
  std::unique_ptr<const T> owned_;
  const T* value_;
};

class FunctionCall {
 public:
  using LogicalType = plan::LogicalType;

  FunctionCall(std::span<const Cell> arguments, const plan::Call& node, const plan::Expression& expression,
               EvaluationContext& context)
      : arguments_(arguments), node_(node), expression_(expression), context_(context) {}

  // ---- arguments
  [[nodiscard]] std::size_t size() const { return arguments_.size(); }
  [[nodiscard]] const Cell& cell(std::size_t i) const { return arguments_[i]; }
  [[nodiscard]] std::span<const Scalar> values(std::size_t i) const { return arguments_[i].values(); }
  [[nodiscard]] LogicalType type(std::size_t i) const { return node_.arguments[i]->type; }
  [[nodiscard]] bool is_constant(std::size_t i) const {
    return std::holds_alternative<plan::Literal>(node_.arguments[i]->node);
  }
  /// The column that an argument is, for functions that ask it for more than its cell; null for other expressions.
  [[nodiscard]] const event::Column* column(std::size_t i) const {
    const auto* column = std::get_if<plan::Column>(&node_.arguments[i]->node);
    return column == nullptr ? nullptr : column->column.get();
  }
  /// The one value of an argument; null if there is none or several.
  [[nodiscard]] const Scalar* scalar(std::size_t i) const {
    return i < arguments_.size() && arguments_[i].is_single() ? arguments_[i].values().data() : nullptr;
  }
  /// The one value of an argument, if it is of that kind.
  template <class T>
  [[nodiscard]] std::optional<T> get(std::size_t i) const {
    const Scalar* value = scalar(i);
    const T* wanted = value == nullptr ? nullptr : std::get_if<T>(value);
    return wanted == nullptr ? std::nullopt : std::optional<T>(*wanted);
  }
  /// A whole number, a date or a span, as it is kept.
  [[nodiscard]] std::optional<std::int64_t> whole(std::size_t i) const { return get<std::int64_t>(i); }
  [[nodiscard]] std::optional<std::string_view> text(std::size_t i) const { return get<std::string_view>(i); }
  /// A number of any type as a double.
  [[nodiscard]] std::optional<double> real(std::size_t i) const;

  /// make(), once for the life of the plan if the arguments at `sources` are constant, else now.
  template <class T, class Make>
  [[nodiscard]] PreparedArgument<T> prepared(std::initializer_list<std::size_t> sources, const Make& make) const {
    struct Kept : plan::PreparedSlot::Content {
      explicit Kept(T&& made) : value(std::move(made)) {}
      T value;
    };
    if (const auto* kept = node_.prepared.get()) return PreparedArgument<T>(&static_cast<const Kept*>(kept)->value);
    if (!std::ranges::all_of(sources, [this](std::size_t i) { return i >= size() || is_constant(i); })) {
      return PreparedArgument<T>(std::make_unique<const T>(make()));
    }
    const auto* kept = node_.prepared.keep(std::make_unique<const Kept>(make()));
    return PreparedArgument<T>(&static_cast<const Kept*>(kept)->value);
  }

  // ---- results
  [[nodiscard]] LogicalType result() const { return expression_.type; }
  [[nodiscard]] Arena& arena() const { return context_.arena; }
  [[nodiscard]] EvaluationContext& context() const { return context_; }
  [[nodiscard]] Cell text_result(std::string_view computed) const { return Cell::one(context_.arena.copy(computed)); }
  /// None is null.
  [[nodiscard]] Cell several_result(const std::vector<Scalar>& elements) const;
  /// NaN and infinities are null, with a warning.
  [[nodiscard]] Cell real_result(double real) const;
  /// A whole number as the call's result type; null with a warning where it does not fit an integer.
  [[nodiscard]] Cell whole_result(std::int64_t whole) const;
  /// Null, with the warning of a result that its type cannot hold.
  [[nodiscard]] Cell overflow() const;

  /// Null, with a warning. The message is only read if someone listens; an empty one stands for the failure's own.
  Cell fail(Failure failure, std::string_view message = {}) const;

 private:
  std::span<const Cell> arguments_;
  const plan::Call& node_;
  const plan::Expression& expression_;
  EvaluationContext& context_;
};

}  // namespace trailhound::engine
