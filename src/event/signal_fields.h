#pragma once
/// Signals as documents of the view `ecs`: what rules over other rules' signals read.
///
/// A signal is no CloudTrail record: it has no JSON, only named values. A batch of signals carries them in
/// `Batch::documents`, and a rule over signals reads them through columns of its own, which have the names and types of
/// the catalog's:
///
///     ColumnRef column = signal_column(*catalog_column);      // kibana.alert.rule.name, source.ip, ...
///     column->read(record, arena);                            // what the document has under that name
///
/// The names that every signal has are those of Elastic's alerts (`kibana.alert.*`); older names for the same
/// (`signal.*`) mean the newer ones.

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"
#include "event/column.h"

namespace trailhound::event {

/// Values by name, each name once.
class DocumentFields {
 public:
  /// Replaces what was there. No values: the field is taken away.
  void set(std::string_view name, Values values);
  void set(std::string_view name, Value value) { set(name, Values{std::move(value)}); }
  /// Null if the document does not have the field. Valid until the next `set`.
  [[nodiscard]] const Values* find(std::string_view name) const;
  [[nodiscard]] const std::vector<std::pair<std::string, Values>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, Values>> fields_;  // sorted by name
};

/// The name under which documents of signals hold the field: "kibana.alert.rule.name" for "signal.rule.name", else the
/// name itself.
[[nodiscard]] std::string name_in_signals(std::string_view name);

/// The field of an event whose values a signal carries under that name: "event.action" for
/// "kibana.alert.original_event.action", the name itself for fields of events, "" for those of the signal alone.
[[nodiscard]] std::string name_in_events(std::string_view name);

/// Whether documents of signals alone have a field of that name: `kibana.alert.*`, by its old or new name.
[[nodiscard]] bool is_only_in_signals(std::string_view name);

/// Whether the signal itself, and no event behind it, says what stands there.
[[nodiscard]] bool is_field_of_signal(std::string_view name);

/// The name under which a document holds what a rule reads through this column: the field's own in the view `ecs`; of
/// another view, as exclusions name it, the field of the event with the view before it ("datadog:@evt.name"). The raw
/// `eventID` is what METADATA _id reads: the document's own id.
[[nodiscard]] std::string name_in_document(const Column& column);

/// The column of that name and type over documents of signals; absent for every other record. Values that the type
/// cannot hold are left out; dates may be RFC 3339 texts.
[[nodiscard]] ColumnRef signal_column(const Column& column);

}  // namespace trailhound::event
