#include "base/ledger.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>
#include <utility>

#include "base/json_writer.h"

namespace trailhound {

namespace {

constexpr std::size_t kFileOutcomes = 5;
constexpr std::size_t kDamagesPrinted = 10'000;  // over all files

auto order_of(const FileEntry& file) {
  return std::tie(file.path, file.form, file.outcome, file.reason, file.bytes, file.records, file.malformed,
                  file.damage_count);
}

// What one rule came to in two ledgers: counts add up; the words are those of the better outcome. Words that differ at
// one outcome are chosen by their bytes, so that the order of merging does not matter.
void merge_rule(RuleEntry& into, RuleEntry&& from) {
  into.hits += from.hits;
  into.signals += from.signals;
  const auto rank = [](const RuleEntry& rule) {
    return std::tuple(-static_cast<int>(rule.outcome), rule.reason, rule.nearest, rule.name);
  };
  if (rank(into) >= rank(from)) return;
  into.outcome = from.outcome;
  into.reason = std::move(from.reason);
  into.nearest = std::move(from.nearest);
  into.name = std::move(from.name);
}

constexpr std::string_view kSentenceEnd = "; ";

void split_sentences(std::string_view text, std::set<std::string>& sentences) {
  while (true) {
    const std::size_t end = text.find(kSentenceEnd);
    sentences.emplace(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + kSentenceEnd.size());
  }
}

// Both notes, each sentence once.
std::string merge_notes(std::string_view a, std::string_view b) {
  std::set<std::string> sentences;
  split_sentences(a, sentences);
  split_sentences(b, sentences);
  std::string out;
  for (const std::string& sentence : sentences) {
    if (!out.empty()) out += kSentenceEnd;
    out += sentence;
  }
  return out;
}

void write_file(json::Writer& writer, const FileEntry& file, std::size_t& damages_left) {
  writer.begin_object().key("path").string(file.path).key("form").string(file.form);
  writer.key("outcome").string(name_of(file.outcome)).key("reason").string(file.reason);
  writer.key("bytes").unsigned_integer(file.bytes).key("records").unsigned_integer(file.records);
  writer.key("malformed").unsigned_integer(file.malformed).key("left_unread").boolean(file.left_unread);
  writer.key("damage_count").unsigned_integer(file.damage_count).key("damages").begin_array();
  const std::size_t shown = std::min(damages_left, file.damages.size());
  damages_left -= shown;
  for (std::size_t i = 0; i < shown; ++i) {
    const Damage& damage = file.damages[i];
    writer.begin_object().key("offset").unsigned_integer(damage.offset).key("reason").string(damage.reason);
    writer.end_object();
  }
  writer.end_array().end_object();
}

/// `flush` empties what the writer has written.
void write_files(json::Writer& writer, const Ledger& ledger, const std::function<void()>& flush) {
  const std::vector<FileEntry>& files = ledger.files;
  std::array<std::uint64_t, kFileOutcomes> counts{};
  counts[static_cast<std::size_t>(FileOutcome::read)] = ledger.unlisted;
  std::vector<const FileEntry*> sorted;
  sorted.reserve(files.size());
  for (const FileEntry& file : files) {
    ++counts[static_cast<std::size_t>(file.outcome)];
    sorted.push_back(&file);
  }
  std::ranges::sort(sorted, [](const auto* a, const auto* b) { return order_of(*a) < order_of(*b); });

  writer.key("files").begin_object().key("seen").unsigned_integer(ledger.file_count());
  for (std::size_t i = 0; i < kFileOutcomes; ++i) {
    writer.key(name_of(static_cast<FileOutcome>(i))).unsigned_integer(counts[i]);
  }
  writer.key("list").begin_array();
  std::size_t damages_left = kDamagesPrinted;
  for (const FileEntry* file : sorted) {
    write_file(writer, *file, damages_left);
    flush();
  }
  writer.end_array().end_object();
}

void write_rules(json::Writer& writer, const std::vector<RuleEntry>& rules) {
  std::vector<const RuleEntry*> sorted;
  for (const RuleEntry& rule : rules) sorted.push_back(&rule);
  std::ranges::sort(sorted,
                    [](const auto* a, const auto* b) { return std::tie(a->id, a->path) < std::tie(b->id, b->path); });
  writer.key("rules").begin_array();
  for (const RuleEntry* rule : sorted) {
    writer.begin_object().key("id").string(rule->id).key("name").string(rule->name).key("path").string(rule->path);
    writer.key("outcome").string(name_of(rule->outcome)).key("reason").string(rule->reason);
    writer.key("nearest").string(rule->nearest).key("hits").unsigned_integer(rule->hits);
    writer.key("signals").unsigned_integer(rule->signals).end_object();
  }
  writer.end_array();
}

}  // namespace

std::string_view name_of(FileOutcome outcome) {
  switch (outcome) {
    case FileOutcome::read:
      return "read";
    case FileOutcome::partly:
      return "partly";
    case FileOutcome::set_aside:
      return "set_aside";
    case FileOutcome::not_read:
      return "not_read";
    case FileOutcome::unreadable:
      return "unreadable";
  }
  return "";
}

std::string_view name_of(RuleOutcome outcome) {
  switch (outcome) {
    case RuleOutcome::fired:
      return "fired";
    case RuleOutcome::could_fire:
      return "could_fire";
    case RuleOutcome::cannot_fire:
      return "cannot_fire";
    case RuleOutcome::refused:
      return "refused";
  }
  return "";
}

void FileEntry::damage(std::uint64_t offset, std::string why) {
  ++damage_count;
  if (damages.size() < kDamagesKept) damages.push_back({offset, std::move(why)});
}

void Ledger::book(FileEntry&& file, bool list_whole) {
  if (!list_whole && file.is_whole()) {
    ++unlisted;
  } else {
    files.push_back(std::move(file));
  }
}

void Ledger::merge(Ledger other) {
  files.insert(files.end(), std::make_move_iterator(other.files.begin()), std::make_move_iterator(other.files.end()));
  unlisted += other.unlisted;
  records_seen += other.records_seen;
  evaluated += other.evaluated;
  duplicate += other.duplicate;
  out_of_range += other.out_of_range;
  malformed += other.malformed;
  interrupted |= other.interrupted;
  unfinished_rules |= other.unfinished_rules;

  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (std::size_t i = 0; i < rules.size(); ++i) known.emplace(std::pair(rules[i].id, rules[i].path), i);
  for (RuleEntry& rule : other.rules) {
    const auto found = known.find({rule.id, rule.path});
    if (found == known.end())
      rules.push_back(std::move(rule));
    else
      merge_rule(rules[found->second], std::move(rule));
  }
  for (const auto& [key, sentence] : other.notes) {
    const auto [note, added] = notes.emplace(key, sentence);
    if (!added) note->second = merge_notes(note->second, sentence);
  }
}

bool Ledger::is_complete() const {
  const auto left = [](const FileEntry& file) { return file.left_unread || file.outcome == FileOutcome::not_read; };
  return !interrupted && !unfinished_rules && std::ranges::none_of(files, left);
}

bool Ledger::has_losses() const {
  const auto lost = [](const FileEntry& file) {
    return file.outcome != FileOutcome::read && file.outcome != FileOutcome::set_aside;
  };
  return interrupted || unfinished_rules || malformed > 0 || std::ranges::any_of(files, lost);
}

std::string to_json(const Ledger& ledger) {
  std::string text;
  write_json(ledger, [&](std::string_view piece) { text += piece; });
  return text;
}

void write_json(const Ledger& ledger, const std::function<void(std::string_view)>& give) {
  constexpr std::size_t kPiece = 64 * 1024;
  std::string out;
  json::Writer writer(out);
  const auto flush = [&] {
    if (out.size() < kPiece) return;
    give(out);
    out.clear();
  };
  writer.begin_object().key("records").begin_object();
  writer.key("seen").unsigned_integer(ledger.records_seen).key("evaluated").unsigned_integer(ledger.evaluated);
  writer.key("duplicate").unsigned_integer(ledger.duplicate);
  writer.key("out_of_range").unsigned_integer(ledger.out_of_range);
  writer.key("malformed").unsigned_integer(ledger.malformed).end_object();
  write_files(writer, ledger, flush);
  write_rules(writer, ledger.rules);
  writer.key("notes").begin_object();
  for (const auto& [key, sentence] : ledger.notes) writer.key(key).string(sentence);
  writer.end_object().key("interrupted").boolean(ledger.interrupted);
  writer.key("unfinished_rules").boolean(ledger.unfinished_rules).end_object();
  give(out);
}

}  // namespace trailhound
