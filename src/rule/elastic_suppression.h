#pragma once
/// Alert suppression: the table `alert_suppression` of an Elastic rule.

#include <string>

#include "lang/fields.h"
#include "plan/plan.h"
#include "rule/payload.h"
#include "rule/rule.h"

namespace trailhound::rule {

/// Sets the plan's suppression if the rule has one. Fields that make a group become parts of the key or arguments of
/// its queries. Wrong values are reported.
void read_suppression(const Payload& rule, const std::string& type, const Schedule& schedule,
                      const lang::Fields& fields, plan::Plan& plan);

}  // namespace trailhound::rule
