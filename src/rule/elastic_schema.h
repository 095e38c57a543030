#pragma once
/// Every key of an Elastic rule, in the repository's TOML form and in the form that Kibana exports: its type, its
/// allowed values, and the types of rules it belongs to.

#include "rule/payload.h"

namespace trailhound::rule {

/// Reports what does not fit: a wrong type or value is an error (TH4106, TH4103); an unknown key (TH4206) or one of
/// another type of rule (TH4207) is a warning, as it changes nothing.
void check_elastic_rule_keys(const Payload& rule, std::string_view rule_type);
/// The same for the table `metadata`, and for `transform`.
void check_elastic_metadata_keys(const Payload& metadata);
void check_elastic_transform_keys(const Payload& transform);

}  // namespace trailhound::rule
