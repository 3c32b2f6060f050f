# Writes the version that git describes into OUTPUT, touching the file only when it changes.
execute_process(COMMAND git describe --tags --always --dirty --match "v*"
  WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR described STREQUAL "")
  set(version "0.1.0")
elseif(described MATCHES "^v(.*)$")
  set(version "${CMAKE_MATCH_1}")
else()
  set(version "0.1.0-g${described}")
endif()
set(text "#include \"common/core/version.h\"

namespace parlando {

const std::string& version() {
  static const std::string text = \"${version}\";
  return text;
}

}  // namespace parlando
")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT "${old}" STREQUAL "${text}")
  file(WRITE ${OUTPUT} "${text}")
endif()
