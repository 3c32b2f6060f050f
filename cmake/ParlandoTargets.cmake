# How every target of the project is made: language level, warnings, sanitizers, output folders.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()

find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM)
  add_link_options(-fuse-ld=lld)
endif()
# Installed programs find libtorch where the build found it.
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

# Tests that read our files with h5py, numpy or safetensors run this Python.
set(PARLANDO_PYTHON "" CACHE FILEPATH "Python with numpy, h5py and safetensors")
if(NOT PARLANDO_PYTHON)
  find_program(PARLANDO_FOUND_PYTHON python3 PATHS ${CMAKE_SOURCE_DIR}/.deps/venv/bin NO_DEFAULT_PATH)
  find_program(PARLANDO_FOUND_PYTHON python3)
  set(PARLANDO_PYTHON ${PARLANDO_FOUND_PYTHON})
endif()

add_library(parlando_options INTERFACE)
target_include_directories(parlando_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(parlando_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual
  $<$<BOOL:${PARLANDO_WERROR}>:-Werror>)
if(PARLANDO_SANITIZE)
  target_compile_options(parlando_options INTERFACE -fsanitize=${PARLANDO_SANITIZE}
    -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(parlando_options INTERFACE -fsanitize=${PARLANDO_SANITIZE})
endif()
# The fuzzer steers by the branches that an input reaches.
if(PARLANDO_FUZZ)
  target_compile_options(parlando_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# parlando_library(NAME SOURCES a.cpp ... LINK lib ...): the target of one folder, parlando_NAME.
function(parlando_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(parlando_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(parlando_${name} PUBLIC parlando_options ${ARG_LINK})
endfunction()

# 'make build' makes the programs and leaves the tests alone.
add_custom_target(programs)

# parlando_program(VERB SOURCES a.cpp ... LINK lib ...): build/bin/parlando-VERB.
function(parlando_program verb)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(parlando-${verb} ${ARG_SOURCES})
  target_link_libraries(parlando-${verb} PRIVATE parlando_options ${ARG_LINK})
  add_dependencies(programs parlando-${verb})
  install(TARGETS parlando-${verb} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

set(PARLANDO_TEST_ENVIRONMENT
  "PARLANDO_BIN=${CMAKE_BINARY_DIR}/bin" "PARLANDO_SOURCE=${CMAKE_SOURCE_DIR}"
  "PARLANDO_PYTHON=${PARLANDO_PYTHON}")

# The programs of the unit tests, which the sanitizers build.
add_custom_target(unit_tests)

# parlando_test(NAME SOURCES a.cpp ... LINK lib ... [TIMEOUT seconds] [UNINSTRUMENTED]): a GoogleTest program;
# ctest runs it as one test. UNINSTRUMENTED: the sanitizers leave it out.
function(parlando_test name)
  cmake_parse_arguments(ARG "UNINSTRUMENTED" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE parlando_options ${ARG_LINK} GTest::gtest GTest::gmock
                        GTest::gtest_main)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  # The folder under tests/ is a label too: ctest -L unit.
  file(RELATIVE_PATH kind ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "/.*" "" kind ${kind})
  list(APPEND ARG_LABELS ${kind})
  list(REMOVE_DUPLICATES ARG_LABELS)
  if(kind STREQUAL "unit" AND NOT ARG_UNINSTRUMENTED)
    add_dependencies(unit_tests test_${name})
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  if(ARG_UNINSTRUMENTED)
    list(APPEND ARG_LABELS uninstrumented)
  endif()
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
    ENVIRONMENT "${PARLANDO_TEST_ENVIRONMENT}")
endfunction()
