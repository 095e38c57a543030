#include "event/json_path.h"

#include <algorithm>
#include <array>

namespace trailhound::event {
namespace {

bool has_leaf_at(const json::Tape& tape, std::size_t at) {
  return !tape.for_each_leaf(at, [&](std::size_t leaf) { return tape.kind(leaf) == 'n'; });
}

/// What a path has met so far; turned into one cell at the end.
struct Found {
  std::vector<Scalar> scalars;
  Scalar first;
  std::size_t count = 0;
  bool object = false, empty = false, null = false;
  JsonPath::Objects objects = JsonPath::Objects::all;

  void add(const Scalar& scalar) {
    if (count == 0) {
      first = scalar;  // the usual case needs no vector
    } else {
      if (count == 1) scalars.push_back(first);
      scalars.push_back(scalar);
    }
    ++count;
  }

  void add_value(const json::Tape& tape, std::size_t at) {
    const char kind = tape.kind(at);
    if (kind == '[') {
      const std::size_t end = tape.after(at) - 1;
      empty = true;  // unless something is found below
      // Lists in lists are entered by going on to the next word.
      for (++at; at < end; at = tape.kind(at) == '[' || tape.kind(at) == ']' ? at + 1 : tape.after(at)) {
        if (tape.kind(at) != '[' && tape.kind(at) != ']') add_value(tape, at);
      }
    } else if (kind == '{') {
      object |= objects == JsonPath::Objects::all || has_leaf_at(tape, at);
    } else if (kind == 'n') {
      null = true;
    } else {
      add(tape.scalar(at));
    }
  }

  [[nodiscard]] Cell cell(Arena& arena) const {
    if (count == 1) return Cell::one(first);
    if (count > 1) return Cell::several(arena.copy(std::span<const Scalar>(scalars)));
    if (object) return Cell::object();
    if (null) return Cell::null();
    return empty ? Cell::empty() : Cell::absent();
  }
};

bool descend(const json::Tape& tape, std::size_t at, std::string_view rest, Found& found);

bool descend_object(const json::Tape& tape, std::size_t at, std::string_view rest, Found& found) {
  // One walk finds, for every prefix of the path that is a key, its (last) value.
  struct Candidate {
    std::size_t key_size, value;
  };
  std::array<Candidate, JsonPath::kMaxParts> candidates;  // NOLINT(*-member-init): only the first `count` are used
  std::size_t count = 0;
  const std::size_t end = tape.after(at) - 1;
  for (std::size_t key = at + 1; key < end;) {
    const std::string_view name = tape.text(key);
    const std::size_t value = key + 1;
    if (name.size() <= rest.size() && (name.size() == rest.size() || rest[name.size()] == '.') &&
        rest.starts_with(name)) {
      auto* same = std::find_if(candidates.data(), candidates.data() + count,
                                [&](const Candidate& c) { return c.key_size == name.size(); });
      if (same != candidates.data() + count) {
        same->value = value;
      } else {
        candidates[count++] = {name.size(), value};
      }
    }
    key = tape.after(value);
  }
  std::sort(candidates.data(), candidates.data() + count,
            [](const Candidate& a, const Candidate& b) { return a.key_size > b.key_size; });
  for (std::size_t i = 0; i < count; ++i) {
    const auto [size, value] = candidates[i];
    if (size == rest.size()) {
      found.add_value(tape, value);
      return true;
    }
    if (descend(tape, value, rest.substr(size + 1), found)) return true;
  }
  return false;
}

// Recursion: one level a part of the path, so at most JsonPath::kMaxParts. True if the path led to a key.
bool descend(const json::Tape& tape, std::size_t at, std::string_view rest, Found& found) {
  if (tape.kind(at) == '{') return descend_object(tape, at, rest, found);
  if (tape.kind(at) != '[') return false;
  bool any = false;
  const std::size_t end = tape.after(at) - 1;
  for (++at; at < end; at = tape.kind(at) == '[' || tape.kind(at) == ']' ? at + 1 : tape.after(at)) {
    if (tape.kind(at) == '{') any |= descend_object(tape, at, rest, found);
  }
  return any;
}

}  // namespace

Cell cell_of(const json::Value& value, Arena& arena) {
  if (!value) return Cell::absent();
  Found found;
  found.add_value(value.tape(), value.index());
  return found.cell(arena);
}

bool JsonPath::is_valid(std::string_view dotted) {
  return !dotted.empty() && dotted.front() != '.' && dotted.back() != '.' &&
         dotted.find("..") == std::string_view::npos &&
         static_cast<std::size_t>(std::count(dotted.begin(), dotted.end(), '.')) < kMaxParts;
}

Cell JsonPath::read(const json::Value& root, Arena& arena, Objects objects) const {
  if (!root) return Cell::absent();
  Found found;
  found.objects = objects;
  descend(root.tape(), root.index(), path_, found);
  return found.cell(arena);
}

}  // namespace trailhound::event
