#include "event/documents.h"

namespace trailhound::event {

void append_raw_document(std::string& out, const Record& record) { record.root().append_json(out); }

}  // namespace trailhound::event
