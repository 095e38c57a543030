#include "source/text_cutter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>

#include "base/ascii.h"
#include "source/recognise.h"
#include "source/structure_scanner.h"

namespace trailhound::source {
namespace {

constexpr std::size_t kFirstLine = 64 * 1024;
/// Of a row of CSV; all that follows is in the last one.
constexpr std::size_t kMostFields = 4096;

/// Columns that hold a whole record: CloudTrail Lake, Splunk, CloudWatch Logs Insights, Elastic, lookup-events.
constexpr std::array<std::string_view, 6> kRawColumns = {"eventjson", "_raw",           "@message",
                                                         "message",   "event.original", "cloudtrailevent"};

bool is_printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 && !std::isspace(c); });
}

bool has_record(std::string_view text, std::string& form) {
  Recogniser recogniser;
  recogniser.look_at(text);
  const Recognition found = recogniser.result(false);
  form = found.form;
  return found.readable;
}

TextForm foreign(FileOutcome outcome, std::string form, std::string reason) {
  return {TextForm::Kind::foreign, outcome, std::move(form), std::move(reason), 0};
}

TextForm recognise_csv(const std::vector<std::string>& header) {
  std::vector<std::string> names;
  for (const std::string& field : header) names.push_back(lower_ascii(field));
  for (const std::string_view raw : kRawColumns) {
    const auto found = std::find(names.begin(), names.end(), raw);
    if (found == names.end()) continue;
    return {TextForm::Kind::csv, {}, "csv with " + std::string(raw), {}, std::size_t(found - names.begin())};
  }
  const auto has = [&](std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); };
  if (has("eventversion") || (has("eventname") && has("eventsource"))) {
    return foreign(
        FileOutcome::not_read, "cloudtrail csv",
        "a table of CloudTrail columns without the original event; with CloudTrail Lake run SELECT eventJson "
        "FROM <event data store> WHERE ..., with Athena read the S3 objects of the table's LOCATION instead");
  }
  return foreign(FileOutcome::unreadable, "text", "text or CSV without CloudTrail records");
}

/// Text that begins with something else may have records all the same: then events are left unread.
TextForm unless_records_follow(std::string_view text, TextForm form) {
  if (form.kind != TextForm::Kind::foreign || form.outcome != FileOutcome::unreadable) return form;
  if (!text.contains("eventVersion")) return form;
  return foreign(FileOutcome::not_read, "text",
                 "it does not begin with a record, a line of records or a table of them, though records seem to "
                 "follow: take away what stands before the first");
}

std::string_view first_line_of(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
  return line;
}

}  // namespace

bool read_csv_row(std::string_view text, bool ended, std::size_t& at, std::vector<std::string>& fields) {
  fields.assign(1, {});
  bool quoted = false;
  for (std::size_t i = at; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        fields.back() += text[++i];
      } else if (i + 1 == text.size() && !ended) {
        return false;  // the next byte decides
      } else {
        quoted = false;
      }
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == ',' && fields.size() < kMostFields) {
      fields.emplace_back();
    } else if (c == '\n') {
      at = i + 1;
      return true;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (!ended || quoted) return false;
  at = text.size();
  return true;
}

TextForm recognise_text(std::string_view beginning) {
  beginning = beginning.substr(skip_space(beginning, 0));
  const std::string_view start = beginning.substr(0, kFirstLine);
  if (!is_printable(start.substr(0, 512))) {
    return foreign(FileOutcome::unreadable, {}, "binary content in no form that is known");
  }
  if (start.starts_with('<') && !start.starts_with("<1")) {
    return foreign(FileOutcome::unreadable, "xml", "XML or HTML, perhaps an error page saved in place of a log file");
  }
  if (start.starts_with("version account-id")) {
    return foreign(FileOutcome::set_aside, "vpc flow log", "a VPC flow log: it holds no CloudTrail events");
  }
  const std::string_view line = first_line_of(beginning);
  const std::size_t brace = line.find('{');
  std::string form;
  if (brace != std::string_view::npos && brace > 0 && has_record(line.substr(brace), form)) {
    return {TextForm::Kind::prefixed_lines, {}, "log lines of " + form, {}, 0};
  }
  std::size_t at = 0;
  std::vector<std::string> header;
  if (read_csv_row(beginning, true, at, header)) return unless_records_follow(beginning, recognise_csv(header));
  return unless_records_follow(beginning, foreign(FileOutcome::unreadable, "text", "text without CloudTrail records"));
}

/// Behind the last whole line of the content, or behind the first one that reaches beyond a window.
std::optional<std::size_t> PrefixedLineCutter::lines_end() const {
  const std::string_view content = buffer_.content();
  const std::size_t last =
      buffer_.is_grown() ? content.find('\n', buffer_.window_end() - buffer_.begin()) : content.rfind('\n');
  if (buffer_.ended() && (last == std::string_view::npos || !buffer_.is_grown())) return buffer_.end();
  if (last == std::string_view::npos) return {};
  return buffer_.begin() + last + 1;
}

bool PrefixedLineCutter::run() {
  for (;;) {
    buffer_.fill();
    if (buffer_.empty()) return true;
    const std::optional<std::size_t> end = lines_end();
    if (!end && buffer_.grow()) continue;
    if (!end) {
      context_.entry.damage(buffer_.offset_of(buffer_.begin()), "a line larger than a record may be was skipped");
      buffer_.take(buffer_.end());
      continue;
    }
    if (!lines(*end)) return false;
  }
}

/// Makes an array of the lines in [begin(), end) and hands it out.
bool PrefixedLineCutter::lines(std::size_t end) {
  char* data = buffer_.data();
  bool has_element = false;
  std::size_t separator = 0;  // where the comma goes if another element follows
  std::size_t behind = buffer_.begin();
  for (std::size_t at = buffer_.begin(); at < end;) {
    const std::string_view text = buffer_.text().substr(0, end);
    const std::size_t line_end = std::min(text.find('\n', at), end);
    const std::size_t brace = std::min(text.find('{', at), line_end);
    std::size_t content_end = line_end;
    while (content_end > brace && is_blank(data[content_end - 1])) --content_end;
    StructureState state;
    const bool whole = brace < line_end &&
                       scan_structure(data + brace, content_end - brace, state) == content_end - brace &&
                       state.at_top();
    if (whole) {
      std::fill(data + at, data + brace, ' ');
      if (has_element) data[separator] = ',';
      has_element = true;
      behind = content_end;
      separator = line_end;
    } else {
      if (skip_space(text.substr(0, line_end), at) < line_end) {
        context_.entry.damage(buffer_.offset_of(at), "a line without whole JSON was skipped");
      }
      std::fill(data + at, data + line_end, ' ');
    }
    if (line_end < end) data[line_end] = ' ';
    at = line_end + 1;
  }
  const bool go_on = !has_element || buffer_.emit(buffer_.begin(), behind);
  buffer_.take(end);
  return go_on;
}

bool CsvCutter::run() {
  std::vector<std::string> fields;
  for (;;) {
    buffer_.fill();
    std::size_t at = buffer_.begin();
    while (at < buffer_.end()) {
      const std::size_t begin = at;
      if (!read_csv_row(buffer_.text(), buffer_.ended(), at, fields)) break;
      if (!row(fields, begin)) return false;
    }
    if (!flush()) return false;
    if (at > buffer_.begin()) {
      buffer_.take(at);
      if (!buffer_.ended()) continue;
    }
    if (buffer_.empty()) return true;
    if (!buffer_.ended() && buffer_.grow()) continue;
    context_.entry.damage(buffer_.offset_of(buffer_.begin()), "a row that does not end was skipped");
    context_.entry.left_unread = true;
    buffer_.take(buffer_.end());
  }
}

/// Adds the record of a row that begins at `begin`.
bool CsvCutter::row(const std::vector<std::string>& fields, std::size_t begin) {
  if (rows_++ == 0 || (fields.size() == 1 && fields[0].empty())) return true;
  if (fields.size() <= column_ || !fields[column_].starts_with('{')) {
    context_.entry.damage(buffer_.offset_of(begin), "a row without JSON in its event column was skipped");
    return true;
  }
  if (joined_.size() == 1) {
    first_row_ = begin;
  } else {
    joined_ += ',';
  }
  joined_ += fields[column_];
  return joined_.size() < kWindowSize || flush();
}

bool CsvCutter::flush() {
  if (joined_.size() == 1) return true;
  joined_ += ']';
  const bool go_on = buffer_.emit_text(joined_, first_row_, false, 0);
  joined_.assign("[");
  return go_on;
}

}  // namespace trailhound::source
