#include "lang/esql/scope.h"

#include <algorithm>
#include <utility>

#include "base/diagnostics.h"
#include "plan/pattern.h"

namespace trailhound::esql {
namespace {

plan::Pattern matcher_of(const NamePattern& pattern) {
  std::vector<plan::Pattern::Piece> pieces;
  for (const auto& piece : pattern.pieces) {
    using Kind = plan::Pattern::Piece::Kind;
    pieces.push_back({piece.star ? Kind::any_run : Kind::literal, piece.star ? std::string() : piece.text});
  }
  return {std::move(pieces), plan::Pattern::Fold::none};
}

/// 2 for an exact name, 1 for a partial wildcard, 0 for `*` alone.
int precedence(const NamePattern& pattern) {
  if (!pattern.has_star()) return 2;
  return pattern.is_star_alone() ? 0 : 1;
}

}  // namespace

const Attribute* Scope::find(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name, &Attribute::name);
  return found == columns_.end() ? nullptr : &*found;
}

void Scope::remove(std::string_view name) {
  std::erase_if(columns_, [name](const Attribute& column) { return column.name == name; });
}

void Scope::replace(const Attribute& attribute) {
  const auto found = std::ranges::find(columns_, attribute.name, &Attribute::name);
  if (found != columns_.end()) *found = attribute;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): it may be one of the columns that remove() drops
void Scope::define(Attribute attribute) {
  remove(attribute.name);
  columns_.push_back(std::move(attribute));
}

void Scope::rename(std::string_view from, std::string_view to) {
  if (from == to) return;
  remove(to);
  const auto found = std::ranges::find(columns_, from, &Attribute::name);
  if (found != columns_.end()) found->name = std::string(to);
}

void Scope::keep(const std::vector<NamePattern>& patterns) {
  std::vector<std::vector<Attribute>> by_pattern(patterns.size());
  std::vector<plan::Pattern> matchers;
  for (const auto& pattern : patterns) matchers.push_back(matcher_of(pattern));
  for (auto& column : columns_) {
    int best = -1;
    std::size_t place = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const int rank = precedence(patterns[i]);
      if (rank < best || !matchers[i].matches(column.name)) continue;
      best = rank;
      place = i;
    }
    if (best >= 0) by_pattern[place].push_back(std::move(column));
  }
  columns_.clear();
  for (auto& group : by_pattern) std::ranges::move(group, std::back_inserter(columns_));
}

void Scope::drop(const NamePattern& pattern) {
  const auto matcher = matcher_of(pattern);
  std::erase_if(columns_, [&matcher](const Attribute& column) { return matcher.matches(column.name); });
}

bool Scope::matches_any(const NamePattern& pattern) const {
  const auto matcher = matcher_of(pattern);
  return std::ranges::any_of(columns_, [&matcher](const Attribute& column) { return matcher.matches(column.name); });
}

std::string Scope::nearest(std::string_view name) const {
  std::vector<std::string_view> names;
  names.reserve(columns_.size());
  for (const auto& column : columns_) names.push_back(column.name);
  return nearest_name(name, names);
}

}  // namespace trailhound::esql
