#pragma once
/// ATT&CK: the tables `[[rule.threat]]` of an Elastic rule.

#include "rule/payload.h"
#include "rule/rule.h"

namespace trailhound::rule {

/// Adds tactics and techniques, each once, sub-techniques behind their technique.
void read_threat(const Payload& rule, Rule& out);

}  // namespace trailhound::rule
