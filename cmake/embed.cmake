# trailhound_embed_rules(target): puts the shipped rules (rules/*.yaml, rules/*.toml) and their test cases
# (rules/*.cases) into the target as tables of texts: src/rule/shipped_files.h and shipped_cases.h. Made when CMake
# configures, and again whenever one of the files changes.

# Sets `result` to C++ rows {name, text} of the files.
function(trailhound_text_rows result)
  set(rows "")
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${hex}")
    string(LENGTH "${hex}" digits)
    math(EXPR size "${digits} / 2")
    string(APPEND rows "    {\"${name}\", std::string_view(\"${bytes}\", ${size})},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  set(${result} "${rows}" PARENT_SCOPE)
endfunction()

function(trailhound_embed_rules target)
  set(folder ${CMAKE_SOURCE_DIR}/rules)
  file(GLOB rules CONFIGURE_DEPENDS ${folder}/*.yaml ${folder}/*.toml)
  list(FILTER rules EXCLUDE REGEX "\\.cases\\.[a-z]+$")
  file(GLOB cases CONFIGURE_DEPENDS ${folder}/*.cases)
  list(LENGTH rules rule_count)
  trailhound_text_rows(rule_rows ${rules})
  trailhound_text_rows(case_rows ${cases})
  set(source ${CMAKE_BINARY_DIR}/generated/shipped_files.cc)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[// Made by cmake/embed.cmake from rules/.
#include "rule/shipped_files.h"

#include <array>

#include "rule/shipped_cases.h"

namespace trailhound::rule {

std::span<const ShippedFile> shipped_files() {
  static constexpr std::array<ShippedFile, @rule_count@> kFiles = {{
@rule_rows@  }};
  return kFiles;
}

std::vector<ShippedText> shipped_cases() {
  return {
@case_rows@  };
}

}  // namespace trailhound::rule
]])
  target_sources(${target} PRIVATE ${source})
endfunction()
