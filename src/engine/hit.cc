#include "engine/hit.h"

#include <algorithm>
#include <array>

#include "engine/hit_texts.h"
#include "engine/stored_hit.h"

// Key:      rule (4 bytes) · parts of the signal key (2) and each in canonical form · time (8, sign flipped) ·
//           event key (ordered text) · parts of the group (2) and each in canonical form, or FFFF: it is the signal key
// Payload:  version (1) · queries · covers · outcome (1) · arguments · description
// Description:  attributes · texts of the profile · path · offset · event id
//
// A payload of the shortened version says the same, but names texts that its collector keeps (hit_texts.h): a text is
// twice its number, plus one, or twice its length and its bytes; a value is 00 and a number, or in canonical form.
//
// Numbers in keys are big-endian, so that memcmp orders them. The number of parts of a signal key is the same for all
// hits of a rule and so does not disturb their order. In payloads numbers are LEB128, texts and lists have their length
// in front. An event id that the event key ends with, as usual, is not written again.

namespace trailhound::engine {
namespace {

constexpr char kVersion = 3;
constexpr char kShortened = 4;
constexpr std::uint16_t kSignalKey = 0xFFFF;  // in place of the number of a group's parts
constexpr char kNumbered = '\0';              // in place of a value: no canonical form begins so

// --- Writing ---------------------------------------------------------------------------------------------------------

template <class Unsigned>
void append_big_endian(std::string& out, Unsigned number) {
  std::array<char, sizeof(Unsigned)> bytes;  // NOLINT(*-member-init): written at once
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(number >> (8 * (bytes.size() - 1 - i))));
  }
  out.append(bytes.data(), bytes.size());
}

void append_number(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out += static_cast<char>(static_cast<unsigned char>(number | 0x80));
  out += static_cast<char>(number);
}

void append_text(std::string& out, std::string_view text) {
  append_number(out, text.size());
  out += text;
}

/// Ordered by memcmp as texts are, and ending itself: 00 becomes 00 FF, the end is 00 01.
void append_ordered_text(std::string& out, std::string_view text) {
  for (std::size_t zero = text.find('\0'); zero != std::string_view::npos; zero = text.find('\0')) {
    out += text.substr(0, zero + 1);
    out += '\xFF';
    text.remove_prefix(zero + 1);
  }
  out += text;
  out += '\0';
  out += '\1';
}

void append_parts(std::string& out, const std::vector<Value>& parts) {
  append_big_endian(out, static_cast<std::uint16_t>(parts.size()));
  for (const Value& part : parts) append_canonical(out, part);
}

void append_text(std::string& out, std::string_view text, HitTexts* texts) {
  if (texts == nullptr) return append_text(out, text);
  if (const auto number = texts->number_of(text)) return append_number(out, std::uint64_t{*number} << 1 | 1);
  append_number(out, text.size() << 1);
  out += text;
}

void append_scalar(std::string& out, const Scalar& scalar, HitTexts* texts) {
  const auto* text = texts != nullptr ? std::get_if<std::string_view>(&scalar) : nullptr;
  const auto number = text != nullptr ? texts->number_of(*text) : std::nullopt;
  if (!number) return append_canonical_scalar(out, scalar);
  out += kNumbered;
  append_number(out, *number);
}

void append_cell(std::string& out, const Values& values, HitTexts* texts) {
  append_number(out, values.size());
  for (const Value& value : values) {
    if (is_null(value)) {
      append_canonical(out, value);
    } else {
      append_scalar(out, to_scalar(value), texts);
    }
  }
}
void append_cell(std::string& out, const Cell& cell, HitTexts* texts) {
  append_number(out, cell.size());
  for (const Scalar& scalar : cell.values()) append_scalar(out, scalar, texts);
}

template <class Cells>
void append_cells(std::string& out, const Cells& cells, HitTexts* texts) {
  append_number(out, cells.size());
  for (const auto& cell : cells) append_cell(out, cell, texts);
}

std::uint64_t ordered(Instant time) { return static_cast<std::uint64_t>(time.micros) ^ (std::uint64_t{1} << 63); }

// --- Reading: each advances `bytes` and gives false on damaged input -------------------------------------------------

template <class Unsigned>
bool read_big_endian(std::string_view& bytes, Unsigned& number) {
  if (bytes.size() < sizeof(Unsigned)) return false;
  number = 0;
  for (const char byte : bytes.substr(0, sizeof(Unsigned))) {
    number = static_cast<Unsigned>((std::uint64_t{number} << 8) | static_cast<unsigned char>(byte));
  }
  bytes.remove_prefix(sizeof(Unsigned));
  return true;
}

bool read_number(std::string_view& bytes, std::uint64_t& number) {
  number = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (shift == 63 && byte > 1) return false;
    number |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

/// The bytes of a text, which lie in `bytes` or among the texts; nothing if damaged.
std::optional<std::string_view> take_text(std::string_view& bytes, const HitTexts* texts) {
  std::uint64_t number = 0;
  if (!read_number(bytes, number)) return std::nullopt;
  if (texts != nullptr) {
    const bool is_numbered = (number & 1) != 0;
    number >>= 1;
    if (is_numbered) return texts->text(number);
  }
  if (number > bytes.size()) return std::nullopt;
  const std::string_view text = bytes.substr(0, number);
  bytes.remove_prefix(number);
  return text;
}

bool read_text(std::string_view& bytes, std::string& text, const HitTexts* texts) {
  const auto taken = take_text(bytes, texts);
  if (taken) text.assign(*taken);
  return taken.has_value();
}

bool skip_text(std::string_view& bytes, const HitTexts* texts) { return take_text(bytes, texts).has_value(); }

/// The text of a value that is there as a number, or nothing if that is damaged.
std::optional<std::string_view> take_numbered(std::string_view& bytes, const HitTexts& texts) {
  bytes.remove_prefix(1);
  std::uint64_t number = 0;
  if (!read_number(bytes, number)) return std::nullopt;
  return texts.text(number);
}

bool read_value(std::string_view& bytes, Value& value, const HitTexts* texts) {
  if (texts == nullptr || !bytes.starts_with(kNumbered)) return read_canonical(bytes, value);
  const auto text = take_numbered(bytes, *texts);
  if (!text) return false;
  if (auto* owned = std::get_if<std::string>(&value)) {
    owned->assign(*text);  // keeps its memory
  } else {
    value.emplace<std::string>(*text);
  }
  return true;
}

bool skip_value(std::string_view& bytes, const HitTexts* texts) {
  if (texts == nullptr || !bytes.starts_with(kNumbered)) return skip_canonical(bytes);
  return take_numbered(bytes, *texts).has_value();
}

bool read_ordered_text(std::string_view& bytes, std::string& text) {
  text.clear();
  while (true) {
    const std::size_t zero = bytes.find('\0');
    if (zero == std::string_view::npos || zero + 1 >= bytes.size()) return false;
    const char mark = bytes[zero + 1];
    text += bytes.substr(0, zero);
    bytes.remove_prefix(zero + 2);
    if (mark == '\1') return true;
    if (mark != '\xFF') return false;
    text += '\0';
  }
}

/// A list of `count` items, each of at least one byte: so a damaged count cannot ask for more memory than there is.
template <class Item, class Read>
bool read_list(std::string_view& bytes, std::uint64_t count, std::vector<Item>& items, Read read) {
  if (count > bytes.size()) return false;
  items.resize(count);
  return std::all_of(items.begin(), items.end(), [&](Item& item) { return read(bytes, item); });
}

bool read_parts(std::string_view& bytes, std::vector<Value>& parts) {
  std::uint16_t count = 0;
  return read_big_endian(bytes, count) && read_list(bytes, count, parts, read_canonical);
}

bool skip_parts(std::string_view& bytes) {
  std::uint16_t count = 0;
  if (!read_big_endian(bytes, count)) return false;
  for (; count > 0; --count) {
    if (!skip_canonical(bytes)) return false;
  }
  return true;
}

bool read_values(std::string_view& bytes, Values& values, const HitTexts* texts) {
  std::uint64_t count = 0;
  return read_number(bytes, count) && read_list(bytes, count, values, [&](std::string_view& rest, Value& value) {
           return read_value(rest, value, texts);
         });
}

bool read_cells(std::string_view& bytes, std::vector<Values>& cells, const HitTexts* texts) {
  std::uint64_t count = 0;
  return read_number(bytes, count) && read_list(bytes, count, cells, [&](std::string_view& rest, Values& values) {
           return read_values(rest, values, texts);
         });
}

bool skip_cells(std::string_view& bytes, const HitTexts* texts) {
  std::uint64_t cells = 0;
  if (!read_number(bytes, cells)) return false;
  for (; cells > 0; --cells) {
    std::uint64_t values = 0;
    if (!read_number(bytes, values)) return false;
    for (; values > 0; --values) {
      if (!skip_value(bytes, texts)) return false;
    }
  }
  return true;
}

// --- The parts of a hit ----------------------------------------------------------------------------------------------

/// What follows the account in an event key.
std::string_view id_in(std::string_view event_key) {
  const std::size_t slash = event_key.find('/');
  return slash == std::string_view::npos ? event_key : event_key.substr(slash + 1);
}

constexpr int kDescriptionTexts = 7;  // of the profile, and the path

template <class AnyProfile, class Cells>
void append_description(std::string& out, std::string_view event_key, const AnyProfile& profile,
                        const Cells& attributes, std::string_view path, std::uint64_t offset, std::string_view event_id,
                        HitTexts* texts) {
  append_cells(out, attributes, texts);
  append_text(out, profile.principal, texts);
  append_text(out, profile.account, texts);
  append_text(out, profile.region, texts);
  append_text(out, profile.source_ip, texts);
  append_text(out, profile.user_agent, texts);
  append_text(out, profile.event_name, texts);
  append_text(out, path, texts);
  append_number(out, offset);
  const bool in_key = event_id == id_in(event_key);
  out += in_key ? '\1' : '\0';
  if (!in_key) append_text(out, event_id);
}

bool read_event_id(std::string_view& bytes, std::string_view event_key, std::string& event_id) {
  if (bytes.empty()) return false;
  const char in_key = bytes.front();
  bytes.remove_prefix(1);
  if (in_key == '\0') return read_text(bytes, event_id, nullptr);
  event_id.assign(id_in(event_key));
  return in_key == '\1';
}

bool read_description(std::string_view bytes, const HitTexts* texts, std::string_view event_key, Description& told) {
  Profile& profile = told.profile;
  return read_cells(bytes, told.attributes, texts) && read_text(bytes, profile.principal, texts) &&
         read_text(bytes, profile.account, texts) && read_text(bytes, profile.region, texts) &&
         read_text(bytes, profile.source_ip, texts) && read_text(bytes, profile.user_agent, texts) &&
         read_text(bytes, profile.event_name, texts) && read_text(bytes, told.path, texts) &&
         read_number(bytes, told.offset) && read_event_id(bytes, event_key, told.event_id) && bytes.empty();
}

/// True if reading it would succeed.
bool is_sound_description(std::string_view bytes, const HitTexts* texts) {
  if (!skip_cells(bytes, texts)) return false;
  for (int i = 0; i < kDescriptionTexts; ++i) {
    if (!skip_text(bytes, texts)) return false;
  }
  std::uint64_t offset = 0;
  if (!read_number(bytes, offset) || bytes.empty()) return false;
  const char in_key = bytes.front();
  bytes.remove_prefix(1);
  return (in_key == '\1' || (in_key == '\0' && skip_text(bytes, nullptr))) && bytes.empty();
}

/// All before the description.
bool read_head(std::string_view& bytes, std::uint64_t& queries, Duration& covers, Profile::Outcome& outcome,
               std::vector<Values>& arguments, const HitTexts* texts) {
  if (bytes.empty() || bytes.front() != (texts == nullptr ? kVersion : kShortened)) return false;
  bytes.remove_prefix(1);
  std::uint64_t span = 0;
  if (!read_number(bytes, queries) || !read_number(bytes, span) || bytes.empty()) return false;
  covers.micros = static_cast<std::int64_t>(span);
  const auto how = static_cast<unsigned char>(bytes.front());
  if (how > static_cast<unsigned char>(Profile::Outcome::failed)) return false;
  outcome = static_cast<Profile::Outcome>(how);
  bytes.remove_prefix(1);
  return read_cells(bytes, arguments, texts);
}

template <class Cells>
void append_head(std::string& out, std::uint64_t queries, Duration covers, Profile::Outcome outcome,
                 const Cells& arguments, HitTexts* texts) {
  out += texts == nullptr ? kVersion : kShortened;
  append_number(out, queries);
  append_number(out, static_cast<std::uint64_t>(covers.micros));
  out += static_cast<char>(outcome);
  append_cells(out, arguments, texts);
}

template <class AnyHit>
bool read_key(std::string_view key, AnyHit& hit) {
  std::uint64_t time = 0;
  if (!read_big_endian(key, hit.rule)) return false;
  std::string_view signal_key = key;
  if (!skip_parts(key) || !read_big_endian(key, time) || !read_ordered_text(key, hit.event_key)) return false;
  std::string_view group = key;
  std::uint16_t parts = 0;
  if (!read_big_endian(group, parts)) return false;
  if (parts == kSignalKey) {
    key = group;
    if (!read_parts(signal_key, hit.group)) return false;
  } else if (!read_parts(key, hit.group)) {
    return false;
  }
  hit.time.micros = static_cast<std::int64_t>(time ^ (std::uint64_t{1} << 63));
  return key.empty();
}

std::unexpected<Error> damaged_key() { return fail("a stored hit has a damaged key"); }
std::unexpected<Error> damaged_payload() { return fail("a stored hit is damaged or of another version"); }

template <class AnyHit>
void encode_any(const AnyHit& hit, const std::vector<Value>& signal_key, std::string& key, std::string& payload,
                HitTexts* texts) {
  key.clear();
  append_big_endian(key, hit.rule);
  append_parts(key, signal_key);
  append_big_endian(key, ordered(hit.time));
  append_ordered_text(key, hit.event_key);
  if (hit.group == signal_key) {
    append_big_endian(key, kSignalKey);
  } else {
    append_parts(key, hit.group);
  }

  payload.clear();
  append_head(payload, hit.queries, hit.covers, hit.profile.outcome, hit.arguments, texts);
  append_description(payload, hit.event_key, hit.profile, hit.attributes, hit.path, hit.offset, hit.event_id, texts);
}

}  // namespace

ProfileView view_of(const Profile& profile) {
  return {profile.principal,  profile.account,    profile.region, profile.source_ip,
          profile.user_agent, profile.event_name, profile.outcome};
}

Profile to_profile(const ProfileView& view) {
  return {std::string(view.principal),
          std::string(view.account),
          std::string(view.region),
          std::string(view.source_ip),
          std::string(view.user_agent),
          std::string(view.event_name),
          view.outcome};
}

Hit to_hit(const HitView& view) {
  const auto owned = [](std::span<const Cell> cells) {
    std::vector<Values> lists;
    for (const Cell& cell : cells) {
      Values& values = lists.emplace_back();
      for (const Scalar& scalar : cell.values()) values.push_back(to_value(scalar));
    }
    return lists;
  };
  return {.rule = view.rule,
          .queries = view.queries,
          .time = view.time,
          .covers = view.covers,
          .event_key = std::string(view.event_key),
          .group = view.group,
          .arguments = owned(view.arguments),
          .attributes = owned(view.attributes),
          .profile = to_profile(view.profile),
          .path = std::string(view.path),
          .offset = view.offset,
          .event_id = std::string(view.event_id)};
}

void encode(const Hit& hit, const std::vector<Value>& signal_key, std::string& key, std::string& payload,
            HitTexts* texts) {
  encode_any(hit, signal_key, key, payload, texts);
}
void encode(const HitView& hit, const std::vector<Value>& signal_key, std::string& key, std::string& payload,
            HitTexts* texts) {
  encode_any(hit, signal_key, key, payload, texts);
}

Result<Hit> decode(std::string_view key, std::string_view payload) {
  Hit hit;
  if (!read_key(key, hit)) return damaged_key();
  Description told;
  if (!read_head(payload, hit.queries, hit.covers, hit.profile.outcome, hit.arguments, nullptr) ||
      !read_description(payload, nullptr, hit.event_key, told)) {
    return damaged_payload();
  }
  told.profile.outcome = hit.profile.outcome;
  hit.profile = std::move(told.profile);
  hit.attributes = std::move(told.attributes);
  hit.path = std::move(told.path);
  hit.offset = told.offset;
  hit.event_id = std::move(told.event_id);
  return hit;
}

Status decode(std::string_view key, std::string_view payload, StoredHit& hit, const HitTexts* texts) {
  if (!read_key(key, hit)) return damaged_key();
  hit.payload.assign(payload);
  hit.texts = payload.starts_with(kShortened) ? texts : nullptr;
  if (!read_head(payload, hit.queries, hit.covers, hit.outcome, hit.arguments, hit.texts) ||
      !is_sound_description(payload, hit.texts)) {
    return damaged_payload();
  }
  hit.description_at = hit.payload.size() - payload.size();
  return {};
}

void decode_payload(std::string_view payload, const HitTexts* texts, StoredHit& hit) {
  std::string_view rest = payload;
  read_head(rest, hit.queries, hit.covers, hit.outcome, hit.arguments, texts);
  hit.payload.assign(payload);
  hit.texts = texts;
  hit.description_at = payload.size() - rest.size();
}

Description read_description(std::string_view event_key, const DescriptionBytes& bytes) {
  Description told;
  read_description(bytes.bytes, bytes.texts, event_key, told);
  return told;
}

void write_payload(StoredHit& hit, const Description& told) {
  hit.payload.clear();
  hit.texts = nullptr;
  append_head(hit.payload, hit.queries, hit.covers, hit.outcome, hit.arguments, nullptr);
  hit.description_at = hit.payload.size();
  append_description(hit.payload, hit.event_key, told.profile, told.attributes, told.path, told.offset, told.event_id,
                     nullptr);
}

std::string_view partition_of(std::string_view key) {
  std::string_view rest = key;
  std::uint32_t rule = 0;
  if (!read_big_endian(rest, rule) || !skip_parts(rest)) return {};
  return key.substr(0, key.size() - rest.size());
}

}  // namespace trailhound::engine
