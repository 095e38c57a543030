# Compiler settings shared by everything.
option(TRAILHOUND_TESTS "Build the tests" ON)
option(TRAILHOUND_FUZZ "Build the fuzzers (clang)" OFF)
# Both save much of a build's time and hide includes that a file lacks: the sanitized build does both, the release build
# makes batches and precompiles for its tests alone (docs/decisions/0016). `make lint` compiles each file alone.
option(TRAILHOUND_PRECOMPILE "Compile the headers that most files include once" OFF)
option(TRAILHOUND_UNITY "Compile the sources of a folder in batches; precompile the headers of tests" OFF)
set(TRAILHOUND_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  if(TRAILHOUND_PRECOMPILE OR TRAILHOUND_UNITY)  # else ccache leaves alone what includes precompiled headers
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  endif()
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-pthread)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
# Warnings are errors for gcc, which builds; clang has others, and only checks and fuzzes. gcc 12 warns wrongly about
# std::string concatenation at -O2 (bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-restrict -Werror)
endif()
if(TRAILHOUND_SANITIZE)
  add_compile_options(-fsanitize=${TRAILHOUND_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  if(TRAILHOUND_SANITIZE MATCHES "undefined")
    # Checks of every pointer take a fifth of the compile time; the address sanitizer finds what comes of a bad one.
    add_compile_options(
      -fno-sanitize=null,alignment,vptr,object-size,pointer-overflow,nonnull-attribute,returns-nonnull-attribute)
  endif()
  add_link_options(-fsanitize=${TRAILHOUND_SANITIZE})
  if(TRAILHOUND_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)  # so that the fuzzers see which code an input reaches
  endif()
endif()
