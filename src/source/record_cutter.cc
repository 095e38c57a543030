#include "source/record_cutter.h"

#include <algorithm>
#include <cstring>

#include "base/ascii.h"
#include "source/container.h"
#include "source/structure_scanner.h"

namespace trailhound::source {
namespace {

constexpr std::size_t kLongestSeparator = 256;
/// Elements of a window that is scanned byte by byte. More would only be tiny ones.
constexpr std::size_t kMostAtATime = 64 * 1024;
/// Text kept while skipping, so that a record across two windows is seen.
constexpr std::size_t kKeptWhileSkipping = 64 * 1024;

std::string megabytes(std::size_t bytes) {
  return bytes >= (1u << 20) ? std::to_string(bytes >> 20) + " MB" : std::to_string(bytes) + " bytes";
}

/// White space around a line break, [begin, end), between two values.
struct Gap {
  std::size_t begin = 0, end = 0;
};

/// Widens the line break at `at` to all the white space around it, not beyond `from`.
Gap gap_around(std::string_view text, std::size_t at, std::size_t from) {
  std::size_t begin = at;
  while (begin > from && is_blank(text[begin - 1])) --begin;
  return {begin, skip_space(text, at)};
}

/// In valid JSON, `}` line break `{` occurs only between root values: inside a value a comma is needed, and strings
/// hold no raw line breaks.
bool separates_values(std::string_view text, Gap gap, std::size_t from) {
  return gap.begin > from && gap.end < text.size() && text[gap.begin - 1] == '}' && text[gap.end] == '{';
}

/// The last gap between two values in [from, text.size()).
std::optional<Gap> find_last_gap(std::string_view text, std::size_t from) {
  std::size_t end = text.size();
  while (end > from) {
    const void* found = ::memrchr(text.data() + from, '\n', end - from);
    if (found == nullptr) return {};
    const Gap gap = gap_around(text, static_cast<std::size_t>(static_cast<const char*>(found) - text.data()), from);
    if (separates_values(text, gap, from)) return gap;
    end = gap.begin;
  }
  return {};
}

/// The last place of a text that begins with a rare letter. string_view::rfind compares at every place.
std::size_t find_last(std::string_view text, std::string_view wanted) {
  for (std::size_t end = text.size(); end > 0;) {
    const void* found = ::memrchr(text.data(), wanted[0], end);
    if (found == nullptr) break;
    end = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    if (text.substr(end).starts_with(wanted)) return end;
  }
  return std::string_view::npos;
}

/// Makes the gaps between the values of [from, to) commas.
void put_commas(char* data, std::size_t from, std::size_t to) {
  const std::string_view text(data, to);
  for (std::size_t at = from; at < to;) {
    const void* found = std::memchr(data + at, '\n', to - at);
    if (found == nullptr) return;
    const Gap gap = gap_around(text, static_cast<std::size_t>(static_cast<const char*>(found) - data), at);
    if (separates_values(text, gap, from)) data[gap.begin] = ',';
    at = std::max(gap.end, at + 1);
  }
}

/// True if the text is balanced: not cut off.
bool is_balanced(std::string_view text) {
  StructureState state;
  return scan_structure(text.data(), text.size(), state) == text.size() && state.at_top();
}

}  // namespace

bool RecordCutter::run() {
  bool go_on = true;
  while (go_on && state_ != State::finished) go_on = step();
  FileEntry& entry = context_.entry;
  const std::string problem = context_.reader.problem();
  if (go_on && !problem.empty() && !entry.left_unread) entry.damage(buffer_.bytes_read(), problem);
  if (!context_.begun && entry.outcome == FileOutcome::read) {
    refuse(FileOutcome::unreadable, "json", problem.empty() ? "JSON without a complete CloudTrail record" : problem);
  }
  return go_on;
}

bool RecordCutter::step() {
  buffer_.fill();
  std::size_t at = buffer_.begin();
  if (state_ == State::root || state_ == State::sequence || state_ == State::array) {
    const std::string_view text = buffer_.text();
    while (at < text.size() && (is_blank(text[at]) || text[at] == ',')) ++at;
    if (at > buffer_.begin()) buffer_.take(at);
    if (buffer_.empty() && !buffer_.ended()) return true;
  }
  switch (state_) {
    case State::root:
      return at_root();
    case State::array:
      return in_array();
    case State::closing:
      return in_closing();
    case State::sequence:
      return in_sequence();
    case State::finished:
      break;
  }
  return true;
}

/// Asks for more text behind begin(); what is too large for a record is skipped.
void RecordCutter::need_more() {
  if (buffer_.ended()) return cut_off(buffer_.begin());
  if (buffer_.grow()) return;
  const bool is_record = looks_like_record(buffer_.text().substr(buffer_.begin()));
  context_.entry.damage(
      buffer_.offset_of(buffer_.begin()),
      (is_record ? "a record" : "a value") + (" larger than " + megabytes(buffer_.content().size())) + " was skipped");
  if (is_record) {
    ++context_.entry.records;
    ++context_.entry.malformed;
  }
  left_container_ = left_container_ || state_ != State::sequence;
  // Inside it, starts of records may follow each other closely, each of them the start of something as large.
  rescans_ += 2 * buffer_.content().size();
  skip_from(buffer_.begin());
  if (rescans_ > rescans_of(buffer_.bytes_read())) buffer_.take(buffer_.end());
}

/// The file ends inside what begins at `at`.
void RecordCutter::cut_off(std::size_t at) {
  std::string reason = context_.reader.problem();
  if (reason.empty())
    reason = state_ == State::closing ? "the file ends inside its outer object" : "the file ends inside a record";
  context_.entry.damage(buffer_.offset_of(at), std::move(reason));
  context_.entry.left_unread = true;
  buffer_.take(buffer_.end());
  state_ = State::finished;
}

void RecordCutter::refuse(FileOutcome outcome, std::string form, std::string reason) {
  context_.entry.outcome = outcome;
  context_.entry.form = std::move(form);
  context_.entry.reason = std::move(reason);
  state_ = State::finished;
}

bool RecordCutter::at_root() {
  if (skipping_) {
    skip_junk();
    return true;
  }
  if (buffer_.empty()) {
    state_ = State::finished;
    return true;
  }
  const std::size_t at = buffer_.begin();
  switch (buffer_.text()[at]) {
    case '{':
      return at_object();
    case '[':
      buffer_.take(at + 1);
      depth_ = 0;
      separator_.clear();
      state_ = State::array;
      left_container_ = false;
      return true;
    case ']':
    case '}':
      if (left_container_) {
        buffer_.take(at + 1);
        return true;
      }
      [[fallthrough]];
    default:
      context_.entry.damage(buffer_.offset_of(at), "text that belongs to no record was skipped");
      skip_from(at);
      return true;
  }
}

bool RecordCutter::at_object() {
  const ObjectWalk walk = walk_object(buffer_.text(), buffer_.begin());
  switch (walk.kind) {
    case ObjectWalk::Kind::container:
      left_container_ = false;
      buffer_.take(walk.at);
      depth_ = walk.depth;
      separator_.clear();
      state_ = State::array;
      return true;
    case ObjectWalk::Kind::foreign:
      if (!context_.begun && !(walk.form == kDigestForm && context_.consumer.takes_digests()) && !something_follows()) {
        refuse(FileOutcome::set_aside, walk.form, walk.reason);
        return true;
      }
      [[fallthrough]];
    case ObjectWalk::Kind::element:
    case ObjectWalk::Kind::broken:
      state_ = State::sequence;
      return true;
    case ObjectWalk::Kind::open:
      need_more();
      return true;
  }
  return true;
}

/// What is at `at` is damage, and booked: from behind it on, the next record is looked for.
void RecordCutter::skip_from(std::size_t at) {
  skipping_ = true;
  junk_ = buffer_.offset_of(at);
  state_ = State::root;
}

/// Whether there is more in the content than the one value at its beginning.
bool RecordCutter::something_follows() const {
  const std::string_view text = buffer_.text();
  const ElementEnd end = scan_element(text, buffer_.begin());
  return end.kind == ElementEnd::Kind::complete && skip_space(text, end.at) < text.size();
}

/// Drops text up to the next start of a record.
void RecordCutter::skip_junk() {
  const std::string_view text = buffer_.text();
  std::size_t budget = 4 * buffer_.content().size();
  const std::size_t begin = buffer_.begin();
  const std::size_t from = buffer_.offset_of(begin) > junk_ ? begin : begin + 1;
  const std::size_t next = find_record_start(text, from, first_key_, budget);
  if (next != std::string_view::npos) {
    skipping_ = false;
    buffer_.take(next);
    return;
  }
  const std::size_t keep = buffer_.ended() ? 0 : std::min(kKeptWhileSkipping, buffer_.content().size() / 2);
  buffer_.take(buffer_.end() - keep);
  if (buffer_.ended()) state_ = State::finished;
}

/// What the first elements of the content say; nothing if that needs more text.
std::optional<Recognition> RecordCutter::look_at_elements(bool array) const {
  const std::string_view text = buffer_.text();
  const std::size_t begin = buffer_.begin();
  const ElementEnd first = scan_element(text, begin);
  if (first.kind == ElementEnd::Kind::open && !buffer_.ended()) return {};
  const auto turn = buffer_.turn_for(buffer_.content().size());
  Recogniser recogniser;
  const bool whole = first.kind == ElementEnd::Kind::complete;
  if (whole && recogniser.look_at(text.substr(begin, first.at - begin))) return recogniser.result(false);
  std::size_t complete = 0;
  std::size_t rescans_left = rescans_of(text.size());
  const SplitRules rules{.more_may_follow = !buffer_.ended(), .stop_at_close = array, .most = 2 * kElementsTried};
  Elements found{.ranges = {}, .rest = begin};
  do {
    found = split_elements(text, found.rest, text.size(), rules, rescans_left);
    for (const RecordRange& range : found.ranges) {
      if (!range.complete) continue;
      ++complete;
      const bool is_first = range.begin == begin;
      if (!is_first && recogniser.look_at(text.substr(range.begin, range.size))) return recogniser.result(false);
    }
  } while (found.ranges.size() == rules.most && complete <= kElementsTried);
  if (complete == 0 && !buffer_.ended()) return {};  // the first one is broken, and longer than a window
  // Behind an array, another container may follow.
  const bool saw_all = text.find_first_of("{[", found.rest) == std::string_view::npos;
  return recogniser.result(buffer_.ended() && saw_all && complete <= kElementsTried);
}

/// Looks at the first elements; false if that has to wait for more text or the file was refused.
bool RecordCutter::recognised(bool array) {
  if (context_.begun) return true;
  std::optional<Recognition> found = look_at_elements(array);
  if (!found) {
    need_more();
    return false;
  }
  Recognition& recognition = *found;
  if (recognition.form == kDigestForm && context_.consumer.takes_digests()) recognition.readable = true;
  if (!recognition.readable) {
    const std::string problem = context_.reader.problem();
    if (!problem.empty()) recognition.reason += "; " + problem;
    refuse(recognition.outcome, std::move(recognition.form), std::move(recognition.reason));
    return false;
  }
  first_key_ = first_key_of(buffer_.text(), buffer_.begin());
  context_.entry.form = recognition.form;
  context_.begun = true;
  context_.consumer.begin_file(context_.entry);
  return true;
}

/// How this array separates its records, from the element at `element` and the start of the next.
void RecordCutter::learn_separator(std::size_t element) {
  const std::string_view text = buffer_.text();
  const ElementEnd end = scan_element(text, element);
  if (end.kind != ElementEnd::Kind::complete || text[end.at - 1] != '}') return;
  const std::size_t comma = skip_space(text, end.at);
  if (comma >= text.size() || text[comma] != ',') return;
  const std::size_t next = skip_space(text, comma + 1);
  const std::string_view key = first_key_of(text, next);
  if (key.empty()) return;
  const auto key_end = static_cast<std::size_t>(key.data() - text.data()) + key.size() + 1;
  if (key_end - end.at <= kLongestSeparator) separator_ = text.substr(end.at - 1, key_end - end.at + 1);
}

bool RecordCutter::in_array() {
  if (buffer_.empty()) {
    cut_off(buffer_.begin());
    return true;
  }
  std::size_t begin = buffer_.begin();
  if (!context_.begun && buffer_.text()[begin] == ']') {  // empty; another array may follow
    buffer_.take(begin + 1);
    state_ = State::closing;
    return true;
  }
  if (!context_.begun && !recognised(true)) return true;
  const std::string_view text = buffer_.text();
  begin = buffer_.begin();
  if (buffer_.is_grown()) return in_array_exactly();
  if (separator_.empty()) learn_separator(begin);

  std::size_t cut = text.size();  // behind the last whole record
  if (!buffer_.ended()) {
    cut = separator_.empty() ? std::string_view::npos : find_last(text, separator_);
    if (cut == std::string_view::npos || cut < begin) return in_array_exactly();
    ++cut;
  }
  if (guesses_) {
    // At the end of the file, the last bracket is most likely the array's own.
    const std::size_t end = buffer_.ended() ? text.rfind(']') : cut;
    const WindowAnswer answer =
        end == std::string_view::npos || end < begin ? WindowAnswer::prove : buffer_.emit_unproven(begin, end);
    if (answer == WindowAnswer::stop) return false;
    if (answer == WindowAnswer::next) {
      buffer_.take(buffer_.ended() ? end + 1 : end);
      if (buffer_.ended()) state_ = State::closing;
      return true;
    }
    guesses_ = false;
  }
  StructureState structure;
  const std::size_t stop = begin + scan_structure(text.data() + begin, cut - begin, structure);
  if (stop < cut) {
    if (text[stop] != ']') return in_array_exactly();
    if (!buffer_.emit(begin, stop)) return false;
    buffer_.take(stop + 1);
    state_ = State::closing;
    return true;
  }
  if (buffer_.ended() || !structure.at_top()) return in_array_exactly();
  const bool go_on = buffer_.emit(begin, cut);
  buffer_.take(cut);
  return go_on;
}

/// The elements up to a window's end, or one giant. What may be scanned more than once is counted over the whole
/// stream: a piece at a time, a hostile one would earn it anew with each piece.
Elements RecordCutter::split_exactly() {
  const std::uint64_t most = rescans_of(buffer_.bytes_read());
  const std::size_t allowed = most - std::min(most, rescans_);
  std::size_t left = allowed;
  Elements elements = split_elements(
      buffer_.text(), buffer_.begin(), buffer_.end(),
      {.more_may_follow = true, .stop_at_close = true, .enough = buffer_.window_end(), .most = kMostAtATime}, left);
  rescans_ += allowed - left;
  return elements;
}

bool RecordCutter::in_array_exactly() {
  const Elements elements = split_exactly();
  if (elements.ranges.empty() && !elements.closed) {
    need_more();
    return true;
  }
  if (!elements.ranges.empty()) {
    const RecordRange last = elements.ranges.back();
    separator_.clear();
    if (!buffer_.emit(buffer_.begin(), last.begin + last.size)) return false;
  }
  if (elements.closed) {
    buffer_.take(elements.rest + 1);
    state_ = State::closing;
  } else {
    buffer_.take(elements.rest);
  }
  return true;
}

/// Behind the array: the rest of the objects around it, which may hold another array.
bool RecordCutter::in_closing() {
  if (!context_.begun) {  // an empty array
    context_.entry.form = "cloudtrail records";
    context_.begun = true;
    context_.consumer.begin_file(context_.entry);
  }
  if (depth_ == 0) {
    state_ = State::root;
    return true;
  }
  const ObjectWalk walk = walk_on(buffer_.text(), buffer_.begin(), depth_);
  switch (walk.kind) {
    case ObjectWalk::Kind::container:
      depth_ = walk.depth;
      separator_.clear();
      state_ = State::array;
      break;
    case ObjectWalk::Kind::element:
      state_ = State::root;
      break;
    case ObjectWalk::Kind::open:
      need_more();
      return true;
    case ObjectWalk::Kind::foreign:
    case ObjectWalk::Kind::broken:
      context_.entry.damage(buffer_.offset_of(buffer_.begin()), "the text behind the records is broken");
      skip_from(buffer_.begin());
      return true;
  }
  buffer_.take(walk.at);
  return true;
}

bool RecordCutter::in_sequence() {
  if (buffer_.empty()) {
    state_ = State::root;
    return true;
  }
  if (!recognised(false)) return true;
  const std::string_view text = buffer_.text();
  const std::size_t begin = buffer_.begin();
  const std::optional<Gap> gap = buffer_.is_grown() ? std::nullopt : find_last_gap(text, begin);
  if (!gap) return in_sequence_exactly();
  const bool to_the_end = buffer_.ended() && is_balanced(text.substr(gap->end));
  const std::size_t cut = to_the_end ? text.size() : gap->begin;
  put_commas(buffer_.data(), begin, cut);
  const bool go_on = buffer_.emit(begin, cut);
  buffer_.take(cut);
  return go_on;
}

bool RecordCutter::in_sequence_exactly() {
  const Elements elements = split_exactly();
  state_ = State::root;  // what follows may be a container
  if (elements.ranges.empty() && !elements.closed) {
    need_more();
    return true;
  }
  const bool go_on = emit_elements(elements);
  buffer_.take(elements.rest);
  return go_on;
}

/// Hands out root values, with commas between them: in place where there is room, else in a copy.
bool RecordCutter::emit_elements(const Elements& elements) {
  if (elements.ranges.empty()) return true;
  const std::vector<RecordRange>& ranges = elements.ranges;
  bool room = true;
  for (std::size_t i = 1; i < ranges.size(); ++i)
    room = room && ranges[i - 1].begin + ranges[i - 1].size < ranges[i].begin;
  char* data = buffer_.data();
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    const std::size_t gap = ranges[i - 1].begin + ranges[i - 1].size;
    std::fill(data + gap, data + ranges[i].begin, ' ');
    if (room) data[gap] = ',';
  }
  const RecordRange& last = ranges.back();
  if (room) return buffer_.emit(ranges.front().begin, last.begin + last.size);
  joined_.assign("[");
  std::size_t copied = ranges.front().begin;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::size_t end = ranges[i].begin + ranges[i].size;
    if (i > 0) joined_ += ',';
    joined_.append(data + copied, end - copied);
    copied = end;
  }
  joined_ += ']';
  return buffer_.emit_text(joined_, ranges.front().begin, true, 1);
}

}  // namespace trailhound::source
