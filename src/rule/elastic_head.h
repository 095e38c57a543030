#pragma once
/// What people read about an Elastic rule, and which fields of an event change what a signal says.

#include "event/catalog.h"
#include "rule/payload.h"
#include "rule/rule.h"

namespace trailhound::rule {

/// Severity, risk, tags, guide, authors, overrides, highlighted fields. Wrong values are reported.
void read_elastic_head(const Payload& rule, Rule& out);

/// Adds, as attributes, the columns behind highlights and overrides that the documents have; the others are left out.
void add_shown_columns(const event::Catalog& catalog, Rule& out);

}  // namespace trailhound::rule
