# SPDX-License-Identifier: MIT
# The two targets: weft::weft (header-only) and weft::compiled (the same code, built once).
include(GNUInstallDirs)

file(GLOB_RECURSE weft_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/weft/*.hpp")
file(GLOB_RECURSE weft_implementation CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/weft/*.ipp")
file(GLOB weft_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/*.cpp")

# What both targets share: the headers, and what a program that only declares and runs needs of others.
add_library(weft_headers INTERFACE)
add_library(weft::headers ALIAS weft_headers)
set_target_properties(weft_headers PROPERTIES EXPORT_NAME headers)
target_compile_features(weft_headers INTERFACE cxx_std_20)
target_link_libraries(weft_headers INTERFACE Threads::Threads Boost::headers)
# The file sets below say so too, but Meson does not read those.
target_include_directories(weft_headers INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>"
                                                  "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_sources(
  weft_headers
  INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${weft_headers}
  INTERFACE FILE_SET implementation TYPE HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES
            ${weft_implementation})

# The implementation headers come last in each translation unit, and bring their libraries along.
set(weft_implementation_libraries fmt::fmt ssh OpenSSL::Crypto CLI11::CLI11
                                  tomlplusplus::tomlplusplus nlohmann_json::nlohmann_json)

add_library(weft INTERFACE)
add_library(weft::weft ALIAS weft)
target_link_libraries(weft INTERFACE weft_headers ${weft_implementation_libraries})

add_library(weft_compiled STATIC ${weft_sources})
add_library(weft::compiled ALIAS weft_compiled)
set_target_properties(weft_compiled PROPERTIES EXPORT_NAME compiled OUTPUT_NAME weft POSITION_INDEPENDENT_CODE ON)
target_compile_definitions(weft_compiled PUBLIC WEFT_COMPILED)
target_link_libraries(weft_compiled PUBLIC weft_headers PRIVATE ${weft_implementation_libraries})

if(NOT PROJECT_IS_TOP_LEVEL)
  # A user's warnings are about the user's code, and nobody waits for a library that is not linked.
  set_target_properties(weft_headers PROPERTIES SYSTEM ON)
  if(NOT WEFT_INSTALL)
    set_target_properties(weft_compiled PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endif()
