#pragma once
/// Lambdas as one visitor of a variant:
///
///     std::visit(Overloaded{[](bool b) { ... }, [](std::int64_t whole) { ... }, [](const auto& other) { ... }},
///     value);

namespace trailhound {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace trailhound
