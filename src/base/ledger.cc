#include "base/ledger.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>

#include "base/json_writer.h"

namespace trailhound {

namespace {

auto order_of(const FileEntry& file) {
  return std::tie(file.path, file.form, file.outcome, file.reason, file.bytes, file.records, file.malformed,
                  file.damage_count);
}

// The greater a loss, the less.
int rank_of(const FileEntry& file) {
  if (file.left_unread || file.outcome == FileOutcome::not_read) return 0;
  if (file.outcome == FileOutcome::unreadable) return 1;
  return file.outcome == FileOutcome::set_aside ? 3 : 2;
}

bool is_told_before(const FileEntry& a, const FileEntry& b) {
  const int a_rank = rank_of(a);
  const int b_rank = rank_of(b);
  return a_rank != b_rank ? a_rank < b_rank : order_of(a) < order_of(b);
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

/// `flush` empties what the writer has written.
Status write_files(json::Writer& writer, const Ledger& ledger, const std::function<void()>& flush) {
  writer.key("files").begin_object().key("seen").unsigned_integer(ledger.file_counts.all());
  for (std::size_t i = 0; i < kFileOutcomes; ++i) {
    writer.key(name_of(static_cast<FileOutcome>(i))).unsigned_integer(ledger.file_counts.by_outcome[i]);
  }
  writer.key("list").begin_array();
  if (ledger.listing) {
    TRY_VOID(ledger.listing->give_out([&](std::string_view file) {
      writer.raw(file);
      flush();
    }));
  } else {
    for (const FileEntry* file : ledger.files_in_order()) write_json(writer, *file);
  }
  writer.end_array().end_object();
  return {};
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

std::uint64_t FileCounts::all() const {
  return std::accumulate(by_outcome.begin(), by_outcome.end(), std::uint64_t{0});
}

void FileCounts::add(const FileEntry& file) {
  ++by_outcome[static_cast<std::size_t>(file.outcome)];
  left_unread += file.left_unread ? 1 : 0;
  damages += file.damage_count;
  if (file.outcome == FileOutcome::set_aside) add_set_aside(file.reason, 1);
}

void FileCounts::add(const FileCounts& other) {
  for (std::size_t i = 0; i < kFileOutcomes; ++i) by_outcome[i] += other.by_outcome[i];
  left_unread += other.left_unread;
  damages += other.damages;
  for (const auto& [reason, count] : other.set_aside) add_set_aside(reason, count);
}

void FileCounts::add_set_aside(const std::string& reason, std::uint64_t count) {
  const bool has_room = set_aside.size() < kReasons || set_aside.contains(reason);
  set_aside[has_room ? reason : std::string()] += count;
}

void Ledger::book(FileEntry&& file) {
  file_counts.add(file);
  if (listing) listing->add(file);
  if (!file.is_whole()) tell(std::move(file));
}

/// `files` is a heap, what would be told last on top.
void Ledger::tell(FileEntry&& file) {
  files.push_back(std::move(file));
  std::ranges::push_heap(files, is_told_before);
  if (files.size() <= kFilesTold) return;
  std::ranges::pop_heap(files, is_told_before);
  files.pop_back();
}

void Ledger::merge(Ledger other) {
  file_counts.add(other.file_counts);
  for (FileEntry& file : other.files) tell(std::move(file));
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

std::vector<const FileEntry*> Ledger::files_in_order() const {
  std::vector<const FileEntry*> order;
  for (const FileEntry& file : files) order.push_back(&file);
  std::ranges::sort(order, [](const FileEntry* a, const FileEntry* b) { return is_told_before(*a, *b); });
  return order;
}

bool Ledger::is_complete() const {
  return !interrupted && !unfinished_rules && file_counts.left_unread == 0 &&
         file_counts.of(FileOutcome::not_read) == 0;
}

bool Ledger::has_losses() const { return interrupted || unfinished_rules || malformed > 0 || file_counts.lost() > 0; }

Status write_json(const Ledger& ledger, const std::function<void(std::string_view)>& give) {
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
  TRY_VOID(write_files(writer, ledger, flush));
  write_rules(writer, ledger.rules);
  writer.key("notes").begin_object();
  for (const auto& [key, sentence] : ledger.notes) writer.key(key).string(sentence);
  writer.end_object().key("interrupted").boolean(ledger.interrupted);
  writer.key("unfinished_rules").boolean(ledger.unfinished_rules).end_object();
  give(out);
  return {};
}

}  // namespace trailhound
