#pragma once
/// Helpers of the ECS tests: a record's text in, pieces of its document out.

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "event/ecs_document.h"

namespace trailhound::event {

class EcsDocumentTest : public testing::Test {
 protected:
  /// Builds the document of a record. `original` is its text as event.original would hold it.
  void build(std::string_view record, const EcsOptions& options = {}) {
    const auto root = record_.parse(record);
    ASSERT_TRUE(root.has_value()) << record;
    text_.clear();
    build_ecs_document(*root, nullptr, options, record).append_json(text_);
    const auto parsed = document_.parse(text_);
    ASSERT_TRUE(parsed.has_value()) << text_;
    root_ = *parsed;
  }
  /// JSON text of the value at a dotted path, "absent" if it is not there.
  std::string at(std::string_view path) const {
    json::Value value = root_;
    while (!path.empty()) {
      const std::size_t dot = path.find('.');
      value = value.find(path.substr(0, dot));
      path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    }
    if (!value) return "absent";
    std::string out;
    value.append_json(out);
    return out;
  }
  const std::string& text() const { return text_; }

 private:
  json::Document record_;
  json::Document document_;
  json::Value root_;
  std::string text_;
};

}  // namespace trailhound::event
