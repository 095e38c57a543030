#pragma once
/// Datadog's log search syntax: the text of a rule's query becomes an expression over Datadog's view of the record.
///
///     auto filter = parse_search("source:cloudtrail @evt.name:(ListSecrets OR Get*) -@error.kind:*",
///                                columns, context, diagnostics);        // none after an error
///
/// Grammar. Blanks separate; `AND` may be left out; operators are upper case; NOT binds tighter than AND, AND than OR.
///
///     query    = or ;
///     or       = and { "OR" and } ;
///     and      = unary { [ "AND" ] unary } ;
///     unary    = { "-" | "NOT" } primary ;                    "-" touches what it negates
///     primary  = "(" or ")" | cidr | field ":" value | text ;
///     cidr     = "CIDR" "(" "@"path "," block { "," block } ")" ;
///     field    = "@"path | tag | "*" ;                        a tag or reserved attribute has no "@"
///     value    = "(" values ")" | range | comparison | text ;
///     values   = the same as or, with values in the place of primary ;
///     range    = ( "[" | "{" ) bound "TO" bound ( "]" | "}" ) ;   braces exclude; a bound may be "*"
///     comparison = ( ">" | ">=" | "<" | "<=" ) word ;
///     text     = word | '"' any characters '"' ;
///
/// In a word `*` is any run of characters and `?` any one; between quotes both are themselves. A backslash makes the
/// next character literal, whatever it is.
///
/// Meaning. A value is compared with the whole value of the attribute, case included; tags and reserved attributes
/// ignore case. A list satisfies a value if one of its elements does; several values in parentheses may be satisfied by
/// several elements, a range only by one. `5` equals 5, 5.0 and "5"; `true` equals true and "true"; comparisons and
/// ranges read texts that are numbers, and compare texts if a bound is no number. `@a:*` asks for any value (for an
/// object: any leaf). Whatever is negated holds also for a record without the attribute. A text without a field is
/// looked for among the words of the record (text_columns.h), `*:text` also among its whole values, both whatever their
/// case.
///
/// Never throws; bounded in length and depth.

#include <optional>
#include <string_view>

#include "lang/datadog/text_context.h"
#include "plan/expression.h"

namespace trailhound::lang::datadog {

/// The filter, two-valued, or none if an error was reported (codes TH20xx).
[[nodiscard]] std::optional<plan::Expr> parse_search(std::string_view text, const plan::ColumnResolver& columns,
                                                     const TextContext& context, Diagnostics& diagnostics);

inline constexpr std::size_t kMaxQueryBytes = 100'000;
inline constexpr int kMaxQueryDepth = 64;  ///< of parentheses

}  // namespace trailhound::lang::datadog
