# SPDX-License-Identifier: MIT
# Installed: headers, libweft.a, the package that find_package(weft) reads, and those of pkg-config.
include(CMakePackageConfigHelpers)

set(weft_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/weft")

install(TARGETS weft_headers weft weft_compiled
        EXPORT weft_targets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILE_SET implementation DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT weft_targets NAMESPACE weft:: FILE weftTargets.cmake DESTINATION "${weft_package_dir}")

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/weftConfig.cmake.in"
                              "${PROJECT_BINARY_DIR}/weftConfig.cmake" INSTALL_DESTINATION "${weft_package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/weftConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/weftConfig.cmake" "${PROJECT_BINARY_DIR}/weftConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/weft_dependencies.cmake"
        DESTINATION "${weft_package_dir}")

# Relative, so that a prefix can be moved and `cmake --install --prefix` counts.
set(weft_pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
string(REGEX REPLACE "[^/]+" ".." weft_prefix_from_pkgconfig "${weft_pkgconfig_dir}")
foreach(package IN ITEMS weft weft-compiled)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/${package}.pc.in" "${PROJECT_BINARY_DIR}/${package}.pc" @ONLY)
  install(FILES "${PROJECT_BINARY_DIR}/${package}.pc" DESTINATION "${weft_pkgconfig_dir}")
endforeach()

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
