#pragma once
// Records, files made of them, and a consumer that gathers what a RecordSource delivers.

#include <isa-l/igzip_lib.h>

#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "source/record_source.h"

namespace trailhound::source::testing {

/// A record with the id `n`. `tricks` adds what misleads a naive cutter: nested arrays of look-alikes, separators and
/// brackets inside strings, backslashes before quotes.
inline std::string record(std::size_t n, std::mt19937& random, bool tricks) {
  std::string parameters = "{\"bucketName\":\"b-" + std::to_string(random() % 1000) + "\"}";
  if (tricks) {
    switch (random() % 7) {
      case 0:
        parameters = R"({"list":[{"eventVersion":"9"},{"eventVersion":"9"},{"eventVersion":"9"}]})";
        break;
      case 1:
        parameters = R"({"text":"}]},{\"eventVersion\":\"9\"},{\"Records\":[{"})";
        break;
      case 2:
        parameters = R"({"path":"C:\\","q":"\\\"}{","e":"\\\\\\\""})";
        break;
      case 3:
        parameters = R"({"deep":[[[{"a":[{"eventVersion":"9","eventTime":"x"},{"eventVersion":"9"}]}]]]})";
        break;
      case 4:
        parameters = "{\"long\":\"" + std::string(random() % 3000, '{') + "\"}";
        break;
      case 5:
        parameters = "\"]}{[\"";
        break;
      default:
        parameters = "null";
    }
  }
  return R"({"eventVersion":"1.08","userIdentity":{"type":"IAMUser","sessionContext":{"attributes":{}}},"eventTime":)"
         R"("2024-05-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","requestParameters":)" +
         parameters + R"(,"resources":[{"ARN":"a"},{"ARN":"b"}],"eventID":"id-)" + std::to_string(n) + R"("})";
}

inline std::vector<std::string> records(std::size_t count, unsigned seed, bool tricks) {
  std::mt19937 random(seed);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(record(i, random, tricks));
  return out;
}

inline std::string join(const std::vector<std::string>& parts, const std::string& separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : separator) + parts[i];
  return out;
}

/// Spreads a JSON text over lines, two blanks a level, as jq does.
inline std::string pretty(const std::string& text, const std::string& line_break = "\n") {
  std::string out;
  int depth = 0;
  bool in_string = false;
  const auto new_line = [&] { out += line_break + std::string(static_cast<std::size_t>(2 * depth), ' '); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      out += c;
      if (c == '\\') out += text[++i];
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '}' || c == ']') {
      --depth;
      new_line();
    }
    out += c;
    if (c == '"') in_string = true;
    if (c == ':') out += ' ';
    if (c == '{' || c == '[') ++depth;
    if (c == '{' || c == '[' || c == ',') new_line();
  }
  return out;
}

inline std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

inline std::string gzip(const std::string& text) {
  std::string out(text.size() + text.size() / 8 + 1024, '\0');
  isal_zstream stream;
  isal_deflate_init(&stream);
  std::vector<std::uint8_t> level_buffer(ISAL_DEF_LVL1_DEFAULT);
  stream.level = 1;
  stream.level_buf = level_buffer.data();
  stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
  stream.gzip_flag = IGZIP_GZIP;
  stream.end_of_stream = 1;
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<std::uint32_t>(text.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  isal_deflate(&stream);
  out.resize(stream.total_out);
  return out;
}

inline std::string base64(const std::string& bytes) {
  static constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) out += kLetters[bits >> (count - 6) & 63];
  }
  if (count > 0) out += kLetters[bits << (6 - count) & 63];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

inline std::vector<RecordRange> ranges_of(std::string_view array_text) {
  std::vector<RecordRange> all;
  split_records(array_text,
                [&](std::span<const RecordRange> some) { all.insert(all.end(), some.begin(), some.end()); });
  return all;
}

/// Gathers records as a BatchReader would: parse, else split; unwrap what is no bare record.
class Gatherer : public WindowConsumer {
 public:
  void begin_file(FileEntry& file) override {
    begun.push_back(file.path);
    open_ = true;
  }

  WindowAnswer window(const RecordWindow& window) override {
    const auto root = document_.parse_padded(window.text, window.size);
    if (!root && !window.proven) {
      ++wrong_guesses;
      return WindowAnswer::prove;
    }
    ++windows;
    largest_window = std::max(largest_window, window.size);
    const std::string_view text(window.text, window.size);
    if (!open_ || text.empty() || text.front() != '[' || text.back() != ']') ++bad_windows;
    if (root) {
      for (const json::Value element : root->elements()) take(element);
    } else {
      ++failed_parses;
      for (const RecordRange& range : ranges_of(text)) {
        const auto value = document_.parse(text.substr(range.begin, range.size));
        if (!range.complete || !value) {
          ++broken;
        } else {
          take(*value);
        }
      }
    }
    if (window.literal && !content.empty()) check_offsets(window);
    return windows < stop_after ? WindowAnswer::next : WindowAnswer::stop;
  }

  void end_file(FileEntry&& file) override {
    files.push_back(std::move(file));
    open_ = false;
  }

  std::vector<std::string> records;  ///< minified
  std::vector<FileEntry> files;
  std::vector<std::string> begun;
  std::string content;  ///< the file's inflated content, to check offsets
  std::size_t windows = 0, wrong_guesses = 0, failed_parses = 0, broken = 0, unknown = 0, bad_windows = 0,
              wrong_offsets = 0;
  std::size_t largest_window = 0, stop_after = ~std::size_t{0};

 private:
  bool open_ = false;
  void take(json::Value element) {
    if (is_record(element)) {
      records.emplace_back();
      element.append_json(records.back());
      return;
    }
    const Unwrapped inner = unwrap(element, [&](std::string&& text) { records.push_back(std::move(text)); });
    if (inner.kind == Unwrapped::Kind::unknown) ++unknown;
  }

  void check_offsets(const RecordWindow& window) {
    const std::string_view text(window.text, window.size);
    std::size_t index = 0;
    for (const RecordRange& range : ranges_of(text)) {
      const std::uint64_t offset = window.offset + range.begin - 1 - index++ * window.inserted;
      if (range.complete && content.compare(offset, range.size, text.substr(range.begin, range.size)) != 0) {
        ++wrong_offsets;
      }
    }
  }

  json::Document document_;
};

}  // namespace trailhound::source::testing
