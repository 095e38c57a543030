#include "base/diagnostics.h"

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "base/utf8.h"

namespace trailhound {

namespace {

std::string_view name_of(Diagnostic::Severity severity) {
  return severity == Diagnostic::Severity::error ? "error" : "warning";
}

std::string_view line_number(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Snippets go to terminals: tabs would move the caret, control characters could do worse.
std::string printable(std::string_view line) {
  std::string out(line);
  for (char& c : out) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t')
      c = ' ';
    else if (byte < 0x20 || byte == 0x7F)
      c = '?';
  }
  return out;
}

constexpr std::size_t kLongestName = 128;

// Optimal string alignment: edits, insertions, deletions and swaps of neighbours. Gives up (bound + 1) beyond `bound`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t bound) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > bound) return bound + 1;
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = last;
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string Place::text() const {
  std::string out = file;
  if (at.line > 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(at.line);
    if (at.column > 0) out += ":" + std::to_string(at.column);
  }
  const std::string& inner = key.empty() ? rule : key;
  if (inner.empty()) return out;
  return out.empty() ? inner : out + " (" + inner + ")";
}

Diagnostic& Diagnostics::error(std::string_view code, Place place, std::string message, std::string hint) {
  return all_.emplace_back(Diagnostic{
      std::string(code), Diagnostic::Severity::error, std::move(place), std::move(message), std::move(hint), {}});
}

Diagnostic& Diagnostics::warning(std::string_view code, Place place, std::string message, std::string hint) {
  return all_.emplace_back(Diagnostic{
      std::string(code), Diagnostic::Severity::warning, std::move(place), std::move(message), std::move(hint), {}});
}

std::size_t Diagnostics::errors() const {
  return static_cast<std::size_t>(
      std::ranges::count(all_, Diagnostic::Severity::error, [](const Diagnostic& d) { return d.severity; }));
}

void Diagnostics::append(Diagnostics other) {
  all_.insert(all_.end(), std::make_move_iterator(other.all_.begin()), std::make_move_iterator(other.all_.end()));
}

std::string to_text(const Diagnostic& diagnostic) {
  std::string out = std::string(name_of(diagnostic.severity)) + "[" + diagnostic.code + "]";
  const std::string place = diagnostic.place.text();
  if (!place.empty()) out += " " + place;
  out += ": " + diagnostic.message + "\n";
  std::string_view snippet = diagnostic.snippet;
  while (!snippet.empty()) {
    const std::size_t end = snippet.find('\n');
    out.append("    ").append(snippet.substr(0, end)).append("\n");
    snippet = end == std::string_view::npos ? std::string_view() : snippet.substr(end + 1);
  }
  if (!diagnostic.hint.empty()) out += "  hint: " + diagnostic.hint + "\n";
  return out;
}

std::string to_json(const Diagnostic& diagnostic) {
  std::string out;
  const Place& place = diagnostic.place;
  json::Writer writer(out);
  writer.begin_object().key("code").string(diagnostic.code).key("severity").string(name_of(diagnostic.severity));
  writer.key("file").string(place.file).key("rule").string(place.rule).key("key").string(place.key);
  writer.key("line").integer(place.at.line).key("column").integer(place.at.column);
  writer.key("message").string(diagnostic.message).key("hint").string(diagnostic.hint).end_object();
  return out;
}

std::string make_snippet(std::string_view text, LineColumn at) {
  constexpr std::size_t kWidth = 100;
  if (at.line <= 0) return {};
  std::string_view line = line_number(text, at.line);
  if (line.empty()) return {};
  std::size_t caret = std::min<std::size_t>(at.column > 0 ? static_cast<std::size_t>(at.column) - 1 : 0, line.size());
  while (caret > 0 && caret < line.size() && continues_character(line[caret])) --caret;

  std::size_t start = 0;
  if (line.size() > kWidth && caret > kWidth / 2) start = std::min(caret - kWidth / 2, line.size() - kWidth);
  while (start > 0 && continues_character(line[start])) --start;
  std::size_t end = std::min(start + kWidth, line.size());
  while (end < line.size() && end > start && continues_character(line[end])) --end;
  line = line.substr(start, end - start);

  const std::string_view before = line.substr(0, caret - start);
  const auto columns = before.size() - static_cast<std::size_t>(std::ranges::count_if(before, continues_character));
  return printable(line) + "\n" + std::string(columns, ' ') + "^";
}

LineColumn line_column_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column = before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1);
  return {static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(column) + 1};
}

std::string nearest_name(std::string_view name, const std::vector<std::string_view>& candidates) {
  if (name.empty() || name.size() > kLongestName) return {};
  std::size_t bound = std::max<std::size_t>(1, name.size() / 3);
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate, bound);
    if (distance > bound || (distance == bound && !best.empty())) continue;  // the first of equally near ones stays
    best = candidate;
    bound = distance;
  }
  return std::string(best);
}

}  // namespace trailhound
