# budget_work_without_PART: budget_work, with a part of the trace left out. The public header has no
# switch for that: here it is copied, edited, and put before the real one.

set(trace_header ${PROJECT_SOURCE_DIR}/net_sim/include/piccolo/net_sim/trace.hpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${trace_header})

# piccolo_without(part regex replacement): one edit of the copy.
function(piccolo_without part regex replacement)
  set(copy ${CMAKE_CURRENT_BINARY_DIR}/without_${part}/piccolo/net_sim/trace.hpp)
  get_property(text GLOBAL PROPERTY piccolo_without_${part})
  if(NOT text)
    file(READ ${trace_header} text)
  endif()
  string(REGEX REPLACE "${regex}" "${replacement}" edited "${text}")
  if(edited STREQUAL text)
    message(FATAL_ERROR "nothing in ${trace_header} matches `${regex}`: tell bench/CMakeLists.txt what the ${part} is now")
  endif()
  set_property(GLOBAL PROPERTY piccolo_without_${part} "${edited}")
  file(CONFIGURE OUTPUT ${copy} CONTENT "${edited}" @ONLY)
endfunction()

# All of net_sim anew, in one piece as the library is. Its objects come before the library's.
function(piccolo_budget_work_without part)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/net_sim/src/*.cpp)
  add_library(net_sim_without_${part} OBJECT ${sources})
  target_include_directories(net_sim_without_${part} BEFORE PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/without_${part})
  target_include_directories(net_sim_without_${part} PRIVATE
    ${PROJECT_SOURCE_DIR}/net_sim/include ${PROJECT_SOURCE_DIR}/net_sim/src)
  target_compile_options(net_sim_without_${part} PRIVATE -Wno-unused -Wno-subobject-linkage)
  target_link_libraries(net_sim_without_${part} PRIVATE piccolo_options piccolo::core fmt::fmt)
  set_target_properties(net_sim_without_${part} PROPERTIES
    UNITY_BUILD ${PICCOLO_UNITY} UNITY_BUILD_BATCH_SIZE 64)
  add_executable(budget_work_without_${part} budget/main.cpp)
  target_link_libraries(budget_work_without_${part} PRIVATE
    piccolo_options net_sim_without_${part} bench_work)
endfunction()
