// Equality of short texts against the library's, at every length around the widths of its words.

#include "base/same_text.h"

#include <gtest/gtest.h>

#include <string>

namespace trailhound {
namespace {

TEST(SameText, AgreesWithTheLibraryAtEveryLengthAndPlace) {
  for (std::size_t size = 0; size <= 100; ++size) {
    const std::string text(size, 'x');
    EXPECT_TRUE(is_same_text(text, std::string(size, 'x'))) << size;
    EXPECT_FALSE(is_same_text(text, text + "x")) << size;
    for (std::size_t place = 0; place < size; ++place) {
      std::string other = text;
      other[place] = 'y';
      EXPECT_FALSE(is_same_text(text, other)) << size << " " << place;
    }
  }
  EXPECT_TRUE(is_same_text({}, ""));
}

}  // namespace
}  // namespace trailhound
