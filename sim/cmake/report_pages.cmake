# Finds D3 and Chart.js where Debian's packages put them, and makes ${report_pages}, the source that
# holds the report pages. A build without them can do all else.

find_file(PICCOLO_D3 d3.min.js PATHS /usr/share/nodejs/d3/dist NO_DEFAULT_PATH
  DOC "D3's single-file distribution; empty: no report pages")
find_file(PICCOLO_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js NO_DEFAULT_PATH
  DOC "Chart.js's single-file distribution; empty: no report pages")
mark_as_advanced(PICCOLO_D3 PICCOLO_CHART_JS)

set(page_lacks)
set(libraries)
foreach(each "PICCOLO_D3 D3 node-d3" "PICCOLO_CHART_JS Chart.js libjs-chart.js")
  separate_arguments(each)
  list(GET each 0 variable)
  list(GET each 1 library)
  list(GET each 2 package)
  if(${variable})
    list(APPEND libraries ${${variable}})
  else()
    list(APPEND missing ${library})
    list(APPEND packages ${package})
  endif()
endforeach()
if(missing)
  list(JOIN missing " and " missing)
  list(JOIN packages " " packages)
  set(page_lacks
    "this build has no report pages, as it found no ${missing}: apt-get install ${packages}, then configure and build again")
  message(STATUS "--report: ${page_lacks}")
endif()

set(report_pages ${CMAKE_CURRENT_BINARY_DIR}/report_pages.cpp)
set(embed_pages ${CMAKE_CURRENT_SOURCE_DIR}/cmake/embed_pages.cmake)
file(GLOB_RECURSE page_sources CONFIGURE_DEPENDS
  ${CMAKE_CURRENT_SOURCE_DIR}/report/*.html ${CMAKE_CURRENT_SOURCE_DIR}/report/*.css
  ${CMAKE_CURRENT_SOURCE_DIR}/report/*.js)
# Rewritten only when it changes, so that configuring again compiles nothing.
set(lacks_file ${CMAKE_CURRENT_BINARY_DIR}/report_pages.lacks)
file(CONFIGURE OUTPUT ${lacks_file} CONTENT "${page_lacks}${libraries}\n" @ONLY)
add_custom_command(OUTPUT ${report_pages}
  COMMAND ${CMAKE_COMMAND} -D SOURCE=${CMAKE_CURRENT_SOURCE_DIR}/report -D "LACKS=${page_lacks}"
    -D "D3=${PICCOLO_D3}" -D "CHART=${PICCOLO_CHART_JS}" -D OUTPUT=${report_pages} -P ${embed_pages}
  DEPENDS ${page_sources} ${embed_pages} ${lacks_file} ${libraries} VERBATIM)
