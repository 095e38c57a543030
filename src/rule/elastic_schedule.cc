#include "rule/elastic_schedule.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <system_error>

#include "base/number_text.h"

namespace trailhound::rule {
namespace {

/// Longer look-backs are slips: ten years.
constexpr std::int64_t kMaxSeconds = 3650LL * 86400;
constexpr int kMaxTerms = 8;

std::optional<Duration> parse_amount(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t factor = 0;
  switch (text.back()) {
    case 's':
      factor = 1;
      break;
    case 'm':
      factor = 60;
      break;
    case 'h':
    case 'H':
      factor = 3600;
      break;
    case 'd':
      factor = 86400;
      break;
    case 'w':
      factor = 7 * 86400;
      break;
    default:
      return std::nullopt;
  }
  const auto amount = number_in<std::int64_t>(text.substr(0, text.size() - 1));
  if (!amount || *amount < 0 || *amount > kMaxSeconds / factor) return std::nullopt;
  return Duration::seconds(*amount * factor);
}

}  // namespace

std::optional<Duration> parse_before_now(std::string_view text) {
  if (!text.starts_with("now")) return std::nullopt;
  text.remove_prefix(3);
  Duration before{};
  for (int terms = 0; !text.empty(); ++terms) {
    const char sign = text.front();
    if ((sign != '-' && sign != '+') || terms == kMaxTerms) return std::nullopt;
    text.remove_prefix(1);
    const std::size_t end = std::min(text.find_first_of("+-"), text.size());
    const auto amount = parse_amount(text.substr(0, end));
    if (!amount) return std::nullopt;
    before.micros += sign == '-' ? amount->micros : -amount->micros;
    text.remove_prefix(end);
  }
  return before;
}

std::optional<Duration> parse_interval(std::string_view text) {
  if (text.ends_with('w') || text.ends_with('H')) return std::nullopt;
  const auto amount = parse_amount(text);
  if (!amount || amount->micros == 0) return std::nullopt;
  return amount;
}

Duration read_before_now(const Payload& table, std::string_view key, std::string_view otherwise) {
  const std::string text = table.text(key).value_or(std::string(otherwise));
  const auto before = parse_before_now(text);
  if (!before) {
    table.error("TH4104", key, "cannot read \"" + text + "\" as a point of time before the run",
                "now-6m, now-1h or now-7d, for example; rounding and months are not supported");
  }
  return before.value_or(Duration{});
}

Schedule read_schedule(const Payload& rule) {
  Schedule schedule;
  const std::size_t errors = rule.rule().diagnostics->errors();
  const Duration from = read_before_now(rule, "from", "now-6m");
  const Duration to = read_before_now(rule, "to", "now");
  if (to.micros != 0) {
    rule.error("TH4105", "to", "windows that end before or after the run are not supported", "to = \"now\"");
  }
  if (from <= to && rule.rule().diagnostics->errors() == errors) {
    rule.error("TH4104", "from", "the window is empty: from must lie before the run");
  }
  schedule.look_back = {from.micros - to.micros};
  const std::string interval = rule.text("interval").value_or("5m");
  if (const auto duration = parse_interval(interval)) {
    schedule.interval = *duration;
  } else {
    rule.error("TH4104", "interval", "cannot read \"" + interval + "\" as an interval", "5m, 1h or 24h, for example");
  }
  if (schedule.look_back.micros > 0 && schedule.look_back < schedule.interval) {
    rule.warning("TH4202", "from",
                 "the rule looks back " + format_duration(schedule.look_back) + " every " +
                     format_duration(schedule.interval) + ": in Elastic, events between the windows are never seen");
  }
  schedule.timestamp_field = rule.text("timestamp_override").value_or("@timestamp");
  if (schedule.timestamp_field != "event.ingested" && schedule.timestamp_field != "@timestamp") {
    rule.warning("TH4201", "timestamp_override",
                 "run windows are cut by @timestamp, not by " + schedule.timestamp_field);
  }
  schedule.max_signals = rule.integer("max_signals");
  if (schedule.max_signals) {
    rule.warning("TH4201", "max_signals", "max_signals is not applied: the number of signals is not capped");
  }
  return schedule;
}

}  // namespace trailhound::rule
