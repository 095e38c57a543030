# trailhound_precompile(target [headers...]): with TRAILHOUND_PRECOMPILE the target carries the headers that most files
# include, and those given, compiled; trailhound_use_precompiled(target carrier) lets another target share them.
# Without these ccache would never know precompiled headers again (clang), or leave alone what includes them (gcc).
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(TRAILHOUND_CCACHE_PCH -Xclang -fno-pch-timestamp)
else()
  set(TRAILHOUND_CCACHE_PCH -fpch-preprocess)
endif()

function(trailhound_precompile target)
  if(TRAILHOUND_PRECOMPILE)
    target_compile_options(${target} PRIVATE ${TRAILHOUND_CCACHE_PCH})
    target_precompile_headers(${target} PRIVATE
      <algorithm> <array> <atomic> <charconv> <chrono> <filesystem> <fstream> <functional> <map> <memory> <mutex>
      <optional> <random> <set> <span> <sstream> <string> <string_view> <thread> <unordered_map> <variant> <vector>
      <boost/unordered/unordered_flat_map.hpp> <boost/unordered/unordered_flat_set.hpp>
      ${CMAKE_SOURCE_DIR}/src/engine/compiled_rules.h ${CMAKE_SOURCE_DIR}/src/engine/operator.h
      ${CMAKE_SOURCE_DIR}/src/engine/sieve.h ${CMAKE_SOURCE_DIR}/src/event/batch_reader.h
      ${CMAKE_SOURCE_DIR}/src/lang/esql/binder.h ${CMAKE_SOURCE_DIR}/src/rule/loader.h
      ${CMAKE_SOURCE_DIR}/src/run/scan.h ${ARGN})
  endif()
endfunction()

function(trailhound_use_precompiled target carrier)
  if(TRAILHOUND_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${carrier})
    target_compile_options(${target} PRIVATE ${TRAILHOUND_CCACHE_PCH})
  endif()
endfunction()
