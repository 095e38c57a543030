// What commands take out of texts, part by part: URIs, user agents, host names and addresses.

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "base/ascii.h"
#include "base/percent_encoding.h"
#include "engine/function_kernels.h"
#include "event/registered_domain.h"
#include "event/user_agent.h"

namespace trailhound::engine::kernels {
namespace {

/// The parts of a URI as they are written; absent ones have no value.
struct Uri {
  std::optional<std::string_view> scheme, user_info, host, port, path, query, fragment;
};

/// Characters that a URI has to escape.
bool is_legal(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || std::string_view("\"<>\\^`{|}").contains(c);
  });
}

/// What follows `mark`, which is cut off with it.
std::optional<std::string_view> cut_behind(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + 1);
  text = text.substr(0, at);
  return rest;
}

/// user:password@host:port
void read_authority(std::string_view authority, Uri& uri) {
  if (const std::size_t sign = authority.rfind('@'); sign != std::string_view::npos) {
    uri.user_info = authority.substr(0, sign);
    authority.remove_prefix(sign + 1);
  }
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    const std::string_view port = authority.substr(colon + 1);
    if (std::ranges::all_of(port, is_digit)) {
      if (!port.empty()) uri.port = port;
      authority = authority.substr(0, colon);
    }
  }
  if (!authority.empty()) uri.host = authority;
}

Uri read_uri(std::string_view text) {
  Uri uri;
  uri.fragment = cut_behind(text, '#');
  const std::size_t colon = text.find_first_of(":/?");
  const bool scheme = colon != std::string_view::npos && text[colon] == ':' && colon > 0 && is_letter(text[0]) &&
                      std::ranges::all_of(text.substr(0, colon), [](char c) {
                        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
                      });
  if (scheme) {
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    if (!text.starts_with('/')) return uri;  // opaque: mailto:eve@example.com
  }
  uri.query = cut_behind(text, '?');
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::size_t end = std::min(text.find('/'), text.size());
    read_authority(text.substr(0, end), uri);
    text.remove_prefix(end);
  }
  uri.path = text;
  return uri;
}

std::optional<std::string_view> part_of(const Uri& uri, std::string_view name) {
  if (name == "domain") return uri.host;
  if (name == "fragment") return uri.fragment;
  if (name == "path" || name == "extension") return uri.path;
  if (name == "port") return uri.port;
  if (name == "query") return uri.query;
  if (name == "scheme") return uri.scheme;
  return uri.user_info;
}

constexpr std::string_view kSeveralValues = "This command doesn't support multi-value input";

/// The text to take apart. Nothing for a multi-value, which is a warning.
std::optional<std::string_view> whole_text(const FunctionCall& call) {
  if (call.cell(0).size() > 1) call.fail(Failure::several_values, kSeveralValues);
  return call.text(0);
}

}  // namespace

Cell uri_part(const FunctionCall& call) {
  const auto text = whole_text(call);
  const auto name = call.text(1);
  if (!text || !name) return Cell::null();
  const Uri uri = read_uri(*text);
  // Well-known schemes are read even where the text breaks the rules; then nothing is decoded.
  const bool legal = is_legal(*text);
  constexpr auto kForgiven = std::to_array<std::string_view>({"http", "https", "ftp", "file"});
  const auto wrong = [&] { return call.fail(Failure::argument, "unable to parse URI [" + std::string(*text) + "]"); };
  if (!legal && (!uri.scheme || std::ranges::find(kForgiven, *uri.scheme) == kForgiven.end())) return wrong();
  const auto part = part_of(uri, *name);
  if (!part) return Cell::null();
  if (*name == "port") {
    std::int64_t port = 0;
    const auto [end, error] = std::from_chars(part->data(), part->data() + part->size(), port);
    return error == std::errc() ? call.whole_result(port) : wrong();
  }
  const bool as_written = !legal || *name == "scheme" || *name == "domain";
  const auto decoded = as_written ? std::optional(std::string(*part)) : percent_decoded(*part);
  if (!decoded) return wrong();
  if (*name == "extension") {
    const std::size_t dot = decoded->rfind('.');
    return dot == std::string::npos ? Cell::null() : call.text_result(decoded->substr(dot + 1));
  }
  if (*name == "username" || *name == "password") {
    const std::size_t colon = decoded->find(':');
    if (colon == std::string::npos) return Cell::null();
    return call.text_result(*name == "username" ? decoded->substr(0, colon) : decoded->substr(colon + 1));
  }
  return call.text_result(*decoded);
}

Cell user_agent_part(const FunctionCall& call) {
  const auto text = whole_text(call);
  const auto name = call.text(1);
  if (!text || !name) return Cell::null();
  if (text->find_first_not_of(" \t\r\n") == std::string_view::npos) return Cell::null();
  // The parts of one text are asked for one after another.
  static thread_local std::pair<std::string, event::UserAgent> last;
  if (last.first != *text) last = {std::string(*text), event::parse_user_agent(*text)};
  const event::UserAgent& agent = last.second;
  const std::string& part = *name == "name"         ? agent.name
                            : *name == "version"    ? agent.version
                            : *name == "os.name"    ? agent.os_name
                            : *name == "os.version" ? agent.os_version
                            : *name == "os.full"    ? agent.os_full
                                                    : agent.device;
  return part.empty() ? Cell::null() : call.text_result(part);
}

Cell registered_domain_part(const FunctionCall& call) {
  const auto text = whole_text(call);
  const auto name = call.text(1);
  if (!text || !name) return Cell::null();
  // The parts of one text are asked for one after another.
  static thread_local std::pair<std::string, std::optional<event::RegisteredDomain>> last;
  if (last.first != *text) last = {std::string(*text), event::parse_registered_domain(*text)};
  const auto& domain = last.second;
  if (!domain) return call.fail(Failure::argument, "Invalid domain [" + std::string(*text) + "]");
  if (*name == "domain") return call.text_result(*text);
  const std::string& part = *name == "registered_domain"  ? domain->registered_domain
                            : *name == "top_level_domain" ? domain->top_level_domain
                                                          : domain->subdomain;
  return part.empty() ? Cell::null() : call.text_result(part);
}

Cell ip_location(const FunctionCall& call) {
  const auto addresses = call.values(0);
  const event::Column* property = call.column(1);
  if (addresses.empty() || property == nullptr || !property->of_address) return Cell::null();
  if (addresses.size() > 1 && call.get<bool>(2) != true) return call.fail(Failure::several_values, kSeveralValues);
  const auto* text = std::get_if<std::string_view>(&addresses.front());
  const auto* address = std::get_if<IpAddress>(&addresses.front());
  const auto parsed = text != nullptr ? parse_ip(*text) : address != nullptr ? std::optional(*address) : std::nullopt;
  if (!parsed) {
    return call.fail(Failure::argument,
                     "'" + std::string(text != nullptr ? *text : "") + "' is not an IP string literal.");
  }
  const Cell found = property->of_address(*parsed, call.arena());
  return found.has_values() ? found : Cell::null();
}

}  // namespace trailhound::engine::kernels
