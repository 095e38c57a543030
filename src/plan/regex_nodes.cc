#include "plan/regex_nodes.h"

#include <algorithm>

namespace trailhound::plan {

RegexNodes::RegexNodes() {
  (void)intern({Kind::nothing, false, 0, 0, {}});
  (void)intern({Kind::empty, true, 0, 0, {}});
  // The id that characters() gives next is 3, so the node below refers to what is not there yet for one line only.
  (void)intern({Kind::repeat, true, 0, kUnbounded, {3}});
  (void)characters(CodePointSet::all());
}

RegexNodes::Id RegexNodes::intern(Node node) {
  ++work_;
  const Key key{{node.kind, {node.least, node.most}}, node.operands};
  const auto [place, added] = known_.try_emplace(key, static_cast<Id>(nodes_.size()));
  if (added) nodes_.push_back(std::move(node));
  return place->second;
}

RegexNodes::Id RegexNodes::characters(const CodePointSet& set) {
  if (set.empty()) return nothing();
  const auto [place, added] = known_sets_.try_emplace(set, static_cast<std::uint32_t>(sets_.size()));
  if (added) sets_.push_back(set);
  return intern({Kind::characters, false, place->second, 0, {}});
}

RegexNodes::Id RegexNodes::concatenation(Id first, Id rest) {
  if (first == nothing() || rest == nothing()) return nothing();
  if (rest == empty()) return first;
  // The first operand's own parts come one by one in front of the rest, the last of them first.
  std::vector<Id> parts;
  while (nodes_[first].kind == Kind::concatenation) {
    parts.push_back(nodes_[first].operands[0]);
    first = nodes_[first].operands[1];
  }
  parts.push_back(first);
  work_ += parts.size();
  for (std::size_t i = parts.size(); i-- > 0;) {
    const Id part = parts[i];
    if (part == empty()) continue;
    if (part == everything()) {  // two in a row are one
      const bool again =
          rest == everything() || (nodes_[rest].kind == Kind::concatenation && nodes_[rest].operands[0] == part);
      if (again) continue;
    }
    rest = intern({Kind::concatenation, nodes_[part].has_empty && nodes_[rest].has_empty, 0, 0, {part, rest}});
  }
  return rest;
}

std::vector<RegexNodes::Id> RegexNodes::flatten(const std::vector<Id>& operands, Kind kind) const {
  std::vector<Id> flat;
  for (const Id operand : operands) {
    if (nodes_[operand].kind == kind) {
      flat.insert(flat.end(), nodes_[operand].operands.begin(), nodes_[operand].operands.end());
    } else {
      flat.push_back(operand);
    }
  }
  std::ranges::sort(flat);
  const auto repeated = std::ranges::unique(flat);
  flat.erase(repeated.begin(), repeated.end());
  return flat;
}

RegexNodes::Id RegexNodes::either(const std::vector<Id>& operands) {
  std::vector<Id> flat = flatten(operands, Kind::either);
  work_ += flat.size();
  std::erase(flat, nothing());
  if (std::ranges::find(flat, everything()) != flat.end()) return everything();
  CodePointSet set;
  std::size_t sets = 0;
  for (const Id operand : flat) {
    if (nodes_[operand].kind != Kind::characters) continue;
    set.add(this->set(operand));
    ++sets;
  }
  if (sets > 1) {
    std::erase_if(flat, [this](Id operand) { return nodes_[operand].kind == Kind::characters; });
    flat.push_back(characters(set));
    std::ranges::sort(flat);
  }
  const bool nullable = std::ranges::any_of(flat, [this](Id operand) { return nodes_[operand].has_empty; });
  if (flat.size() > 1 && std::ranges::any_of(flat, [&](Id id) { return id != empty() && nodes_[id].has_empty; })) {
    std::erase(flat, empty());
  }
  if (flat.empty()) return nothing();
  if (flat.size() == 1) return flat[0];
  return intern({Kind::either, nullable, 0, 0, std::move(flat)});
}

RegexNodes::Id RegexNodes::both(const std::vector<Id>& operands) {
  std::vector<Id> flat = flatten(operands, Kind::both);
  work_ += flat.size();
  std::erase(flat, everything());
  if (std::ranges::find(flat, nothing()) != flat.end()) return nothing();
  if (flat.empty()) return everything();
  if (flat.size() == 1) return flat[0];
  const bool nullable = std::ranges::all_of(flat, [this](Id operand) { return nodes_[operand].has_empty; });
  if (std::ranges::find(flat, empty()) != flat.end()) return nullable ? empty() : nothing();
  return intern({Kind::both, nullable, 0, 0, std::move(flat)});
}

RegexNodes::Id RegexNodes::complement(Id operand) {
  if (operand == nothing()) return everything();
  if (operand == everything()) return nothing();
  if (nodes_[operand].kind == Kind::complement) return nodes_[operand].operands[0];
  return intern({Kind::complement, !nodes_[operand].has_empty, 0, 0, {operand}});
}

RegexNodes::Id RegexNodes::repeat(Id operand, std::uint32_t least, std::uint32_t most) {
  if (most == 0 || operand == empty()) return empty();
  if (operand == nothing()) return least == 0 ? empty() : nothing();
  if (least == 1 && most == 1) return operand;
  if (nodes_[operand].has_empty) least = 0;
  const Node& inner = nodes_[operand];
  if (inner.kind == Kind::repeat && inner.least == 0 && inner.most == kUnbounded) return operand;
  if (inner.kind == Kind::repeat && inner.least == 0 && least == 0 && most == kUnbounded) {
    return repeat(inner.operands[0], 0, kUnbounded);
  }
  return intern({Kind::repeat, least == 0, least, most, {operand}});
}

RegexNodes::Id RegexNodes::derivative(Id id, CodePoint character, std::uint32_t character_class) {
  if (nodes_[id].kind == Kind::nothing || nodes_[id].kind == Kind::empty) return nothing();
  if (nodes_[id].kind == Kind::characters) return set(id).contains(character) ? empty() : nothing();
  if (id == everything()) return id;
  const auto found = derivatives_.find({id, character_class});
  if (found != derivatives_.end()) return found->second;
  const Id derived = derive(id, character, character_class);
  derivatives_.emplace(std::pair{id, character_class}, derived);
  return derived;
}

RegexNodes::Id RegexNodes::derive(Id id, CodePoint character, std::uint32_t character_class) {
  ++work_;
  const Kind kind = nodes_[id].kind;
  if (kind == Kind::concatenation) return derive_concatenation(id, character, character_class);
  std::vector<Id> derived;
  const std::vector<Id> operands = nodes_[id].operands;  // a copy: nodes_ grows meanwhile
  for (const Id operand : operands) derived.push_back(derivative(operand, character, character_class));
  switch (kind) {
    case Kind::either:
      return either(derived);
    case Kind::both:
      return both(derived);
    case Kind::complement:
      return complement(derived[0]);
    default: {  // repeat
      const std::uint32_t least = nodes_[id].least;
      const std::uint32_t most = nodes_[id].most;
      const Id rest = repeat(operands[0], least == 0 ? 0 : least - 1, most == kUnbounded ? most : most - 1);
      return concatenation(derived[0], rest);
    }
  }
}

// (ab)' = a'b, and b' as well if a may be empty: along the whole chain, without recursion.
RegexNodes::Id RegexNodes::derive_concatenation(Id id, CodePoint character, std::uint32_t character_class) {
  std::vector<Id> alternatives;
  while (true) {
    if (nodes_[id].kind != Kind::concatenation) {
      alternatives.push_back(derivative(id, character, character_class));
      break;
    }
    const Id first = nodes_[id].operands[0];
    const Id rest = nodes_[id].operands[1];
    alternatives.push_back(concatenation(derivative(first, character, character_class), rest));
    if (!nodes_[first].has_empty) break;
    id = rest;
  }
  return either(alternatives);
}

}  // namespace trailhound::plan
