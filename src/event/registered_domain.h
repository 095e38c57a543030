#pragma once
/// A host name's registered domain by the Public Suffix List, told as Elasticsearch's registered_domain processor does.
///
///     parse_registered_domain("www.example.co.uk")   → registered_domain "example.co.uk", top_level_domain "co.uk",
///                                                      subdomain "www"
///     parse_registered_domain("co.uk")               → top_level_domain "co.uk" alone
///     parse_registered_domain("a.example.corp")      → nothing: no rule of the list is about corp
///
/// That processor's peculiarities are kept. A suffix of the list's private part counts as somebody's domain:
/// bucket.s3.amazonaws.com is a subdomain of s3.amazonaws.com. Nothing but ASCII letters is folded, the subdomain is
/// only found where the name is written in small letters, and what is no name (a URL, an address, a dot at the end) is
/// not told from one but by its last label.
///
/// The list is the one built into libpsl; names may be in Unicode or in Punycode. Thread-safe.

#include <optional>
#include <string>
#include <string_view>

namespace trailhound::event {

/// Parts that a name does not have are empty.
struct RegisteredDomain {
  std::string registered_domain;
  std::string top_level_domain;
  std::string subdomain;
};

[[nodiscard]] std::optional<RegisteredDomain> parse_registered_domain(std::string_view name);

}  // namespace trailhound::event
