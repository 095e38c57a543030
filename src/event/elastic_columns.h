#pragma once
/// Elastic documents as events: rules in the view `ecs` read what the document says, not what would be computed of the
/// record that was put together from it (`Batch::elastic_documents`).

#include "event/column.h"

namespace trailhound::event {

/// The column of the view `ecs` over documents and records alike; columns of other views as they are. What the index of
/// the integration settles for all documents (data_stream.dataset) holds also where a document lacks it.
[[nodiscard]] ColumnRef column_over_documents(const ColumnRef& column);

}  // namespace trailhound::event
