#include "sink/table.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/version.h"
#include "sink/terminal_text.h"

namespace trailhound::sink {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kReasonsShown = 6;
constexpr std::int64_t kDay = 86'400'000'000;

std::string_view short_name(plan::Severity severity) {
  switch (severity) {
    case plan::Severity::info:
      return "INFO";
    case plan::Severity::low:
      return "LOW";
    case plan::Severity::medium:
      return "MED";
    case plan::Severity::high:
      return "HIGH";
    case plan::Severity::critical:
      return "CRIT";
  }
  return "";
}

std::string_view colour_of(plan::Severity severity) {
  switch (severity) {
    case plan::Severity::critical:
      return "\x1b[1;31m";
    case plan::Severity::high:
      return "\x1b[31m";
    case plan::Severity::medium:
      return "\x1b[33m";
    case plan::Severity::low:
      return "\x1b[36m";
    case plan::Severity::info:
      return "";
  }
  return "";
}

/// "2026-03-01 12:00:00" of an instant; the parts are cut out of it.
std::string date_and_time(Instant t) {
  std::string text = format_rfc3339(floor_to(t, Duration::seconds(1)));
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (!text.empty() && text.back() == 'Z') text.pop_back();
  return text;
}
std::string clock_time(Instant t) { return date_and_time(t).substr(11); }
std::string minute(Instant t) { return date_and_time(t).substr(0, 16); }

/// What the table keeps of a signal; small, because many may be kept.
struct Row {
  plan::Severity severity;
  Instant first_seen;
  Instant last_seen;
  std::string rule_id;
  std::string id;
  std::string title;
  std::string principal;
  std::string account;
  std::string detail;
  std::uint64_t calls;
  std::uint64_t done;

  [[nodiscard]] auto rank() const {
    return std::make_tuple(-static_cast<int>(severity), first_seen, std::cref(rule_id), std::cref(id));
  }
};
bool before(const Row& a, const Row& b) { return a.rank() < b.rank(); }

std::string first_and_more(const std::vector<std::string>& list) {
  if (list.empty()) return {};
  std::string text = printable(list.front());
  if (list.size() > 1) text += " and " + std::to_string(list.size() - 1) + " more";
  return text;
}

Row make_row(const signal::Signal& s) {
  std::string detail = printable(s.rule->id);
  if (!s.source_ips.empty()) detail += "  from " + first_and_more(s.source_ips);
  if (!s.regions.empty()) {
    detail += "  in " + (s.regions.size() == 1 ? printable(s.regions.front()) : counted(s.regions.size(), "region"));
  }
  return {s.severity,
          s.first_seen,
          s.last_seen,
          s.rule->id,
          s.id,
          printable(s.title),
          printable(s.principal),
          printable(s.account),
          std::move(detail),
          s.event_count,
          s.ok};
}

bool could_not_fire(const RuleEntry& rule) {
  return rule.outcome == RuleOutcome::cannot_fire || rule.outcome == RuleOutcome::refused;
}

std::string distinct(const ScanSummary::Distinct& values, std::string_view noun) {
  return (values.at_least ? "at least " : "") + counted(values.count, noun);
}

std::string nothing_to_show(const ScanSummary& summary) {
  if (summary.filtered > 0) return counted(summary.filtered, "signal") + ", none of which the filters let through.";
  const bool reasons = std::ranges::any_of(summary.ledger->rules, could_not_fire);
  return "No rule fired. This is not a finding of \"clean\"" + std::string(reasons ? ": see CANNOT SAY." : ".");
}

class Table : public Sink {
 public:
  Table(OutputFile file, TableOptions options) : file_(std::move(file)), options_(options) {}

  Status add(const signal::Signal& signal) override {
    ++total_;
    rows_.push_back(make_row(signal));
    std::push_heap(rows_.begin(), rows_.end(), before);
    if (rows_.size() > options_.max_rows) {
      std::pop_heap(rows_.begin(), rows_.end(), before);
      rows_.pop_back();
    }
    return {};
  }

  Status finish(const ScanSummary& summary) override {
    const bool dated =
        summary.last_event > summary.first_event && (summary.last_event - summary.first_event).micros > kDay;
    write_header(summary);
    write_signals(dated, summary);
    write_cannot_say(*summary.ledger);
    write_ledger(*summary.ledger);
    write_totals(summary);
    return file_.close();
  }

 private:
  void line(std::string_view text) {
    const std::size_t end = text.find_last_not_of(' ');
    file_.write(end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1));
    file_.write("\n");
  }

  void paragraph(std::string_view label, std::string_view text) {
    constexpr std::size_t kIndent = 12;
    bool first = true;
    for (const std::string& part : wrap(text, kWidth - kIndent)) {
      line(pad_right(first ? label : "", kIndent) + part);
      first = false;
    }
  }

  void write_header(const ScanSummary& s) {
    const std::string left = "trailhound " + std::string(kVersion) + "   scan " + printable(s.inputs) + "   " +
                             counted(s.rules_loaded, "rule");
    const std::string_view right = "times UTC";
    line(display_width(left) + 2 + right.size() <= kWidth ? pad_right(left, kWidth - right.size()) + std::string(right)
                                                          : left);
    line(counted(s.ledger->records_seen, "record") + ", " + counted(s.files, "file") + ", " +
         distinct(s.accounts, "account") + ", " + distinct(s.regions, "region"));
    if (s.last_event >= s.first_event) {
      line(minute(s.first_event) + " > " + minute(s.last_event) + "   " +
           format_duration(s.last_event - s.first_event));
    }
    line("");
  }

  void write_signals(bool dated, const ScanSummary& summary) {
    if (total_ == 0) {
      line(nothing_to_show(summary));
      line("");
      return;
    }
    std::sort_heap(rows_.begin(), rows_.end(), before);
    const std::size_t first_width = dated ? 14 : 8;
    const std::size_t last_width = dated ? 11 : 8;
    const std::size_t title_width = kWidth - (2 + 4 + 2 + first_width + 2 + last_width + 2 + 2 + 6 + 1 + 6);
    line("  " + pad_right("SEV", 6) + pad_right("FIRST", first_width + 2) + pad_right("LAST", last_width + 2) +
         pad_right("WHAT HAPPENED", title_width + 2) + pad_left("CALLS", 6) + " " + pad_left("DONE", 6));
    for (const auto& [principal, group] : by_principal()) {
      line(principal);
      for (const Row* row : group) write_row(*row, dated, first_width, last_width, title_width);
    }
    if (total_ > rows_.size()) line("  ... " + with_commas(total_ - rows_.size()) + " more: --all");
    line("");
  }

  /// Rows of one principal together, the principal with the gravest row first.
  std::vector<std::pair<std::string, std::vector<const Row*>>> by_principal() const {
    std::vector<std::pair<std::string, std::vector<const Row*>>> groups;
    std::map<std::string, std::size_t> position;
    for (const Row& row : rows_) {
      std::string who = row.principal.empty() ? std::string("(no principal)") : row.principal;
      if (!row.account.empty()) who += "   account " + row.account;
      const auto [at, inserted] = position.try_emplace(who, groups.size());
      if (inserted) groups.emplace_back(who, std::vector<const Row*>{});
      groups[at->second].second.push_back(&row);
    }
    return groups;
  }

  void write_row(const Row& row, bool dated, std::size_t first_width, std::size_t last_width, std::size_t title_width) {
    const std::string first = date_and_time(row.first_seen);
    const std::string last = date_and_time(row.last_seen);
    const bool same_day = first.substr(0, 10) == last.substr(0, 10);
    const std::string first_text = dated ? first.substr(5) : clock_time(row.first_seen);
    const std::string last_text = !dated || same_day ? clock_time(row.last_seen) : last.substr(5, 11);
    std::string severity = pad_right(short_name(row.severity), 4);
    if (options_.colour && !colour_of(row.severity).empty()) {
      severity = std::string(colour_of(row.severity)) + severity + "\x1b[0m";
    }
    const std::vector<std::string> title = wrap(row.title, title_width);
    const std::string indent(2 + 6 + first_width + 2 + last_width + 2, ' ');
    line("  " + severity + "  " + pad_right(first_text, first_width + 2) + pad_right(last_text, last_width + 2) +
         pad_right(title.front(), title_width + 2) + pad_left(with_commas(row.calls), 6) + " " +
         pad_left(with_commas(row.done), 6));
    for (std::size_t i = 1; i < title.size(); ++i) line(indent + title[i]);
    for (const std::string& part : wrap(row.detail, kWidth - 8)) line("        " + part);
  }

  void write_cannot_say(const Ledger& ledger) {
    std::vector<const RuleEntry*> unable;
    for (const RuleEntry& rule : ledger.rules) {
      if (could_not_fire(rule)) unable.push_back(&rule);
    }
    if (unable.empty()) return;
    paragraph("CANNOT SAY",
              std::to_string(unable.size()) + " of " + counted(ledger.rules.size(), "rule") +
                  " could not fire on these logs" +
                  (unable.size() > kReasonsShown && !options_.list_all_reasons ? " (--why lists all)" : ""));
    std::size_t shown = 0;
    for (const RuleEntry* rule : unable) {
      if (!options_.list_all_reasons && shown++ == kReasonsShown) break;
      // Ids of exported rules are numbers that say nothing; their names do.
      const bool nameless = rule->name.empty() || rule->id.empty() || rule->name == rule->id;
      const std::string shown_as = nameless ? (rule->id.empty() ? rule->path : rule->id) : rule->id + "  " + rule->name;
      for (const std::string& part : wrap(printable(shown_as), kWidth - 2)) line("  " + part);
      std::string reason = rule->reason;
      if (!rule->nearest.empty()) reason += (reason.empty() ? "" : "; ") + ("nearest: " + rule->nearest);
      for (const std::string& part : wrap(printable(reason), kWidth - 6)) line("      " + part);
    }
  }

  void write_ledger(const Ledger& l) {
    paragraph("LEDGER", with_commas(l.records_seen) + " records = " + with_commas(l.evaluated) + " evaluated + " +
                            with_commas(l.duplicate) + " duplicate + " + with_commas(l.malformed) + " malformed + " +
                            with_commas(l.out_of_range) + " out of range");
    std::string text;
    for (std::size_t i = 0; i < kFileOutcomes; ++i) {
      const auto outcome = static_cast<FileOutcome>(i);
      const std::uint64_t count = l.file_counts.of(outcome);
      if (outcome == FileOutcome::read || count == 0) continue;
      text += (text.empty() ? "" : ", ") + counted(count, "file") + " " + std::string(name_of(outcome));
    }
    if (l.file_counts.damages > 0) text += ", " + counted(l.file_counts.damages, "damage");
    if (!text.empty()) paragraph("", text + " (--ledger FILE lists them)");
    for (const auto& [key, note] : l.notes) paragraph("NOTE", printable(note));
    if (l.interrupted) paragraph("PARTIAL", "interrupted: what was not read is not in this report");
  }

  void write_totals(const ScanSummary& s) {
    std::string text = counted(total_, "signal");
    bool first = true;
    for (auto it = s.signals.rbegin(); it != s.signals.rend(); ++it) {
      text += (first ? ": " : ", ") + with_commas(it->second) + " " + std::string(plan::name_of(it->first));
      first = false;
    }
    text += s.filtered == 0 ? "; nothing filtered" : "; " + counted(s.filtered, "signal") + " filtered out";
    line(text);
  }

  OutputFile file_;
  TableOptions options_;
  std::uint64_t total_ = 0;
  std::vector<Row> rows_;  ///< a heap, the least important on top
};

}  // namespace

std::unique_ptr<Sink> make_table(OutputFile file, TableOptions options) {
  return std::make_unique<Table>(std::move(file), options);
}

}  // namespace trailhound::sink
