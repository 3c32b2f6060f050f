# Finds libtorch without TorchConfig.cmake, which insists on the CUDA language and on every CUDA library.
#   PARLANDO_LIBTORCH  folder that holds include/ and lib/ of libtorch (default: .deps/libtorch)
# Defines libtorch::cpu and, with PARLANDO_CUDA, libtorch::cuda.

set(PARLANDO_LIBTORCH "${CMAKE_SOURCE_DIR}/.deps/libtorch" CACHE PATH "libtorch: folder with include/ and lib/")
get_filename_component(_torch_root "${PARLANDO_LIBTORCH}" REALPATH)
find_library(LIBTORCH_CPU_LIBRARY torch_cpu PATHS ${_torch_root}/lib NO_DEFAULT_PATH)
find_library(LIBTORCH_C10_LIBRARY c10 PATHS ${_torch_root}/lib NO_DEFAULT_PATH)
find_path(LIBTORCH_INCLUDE_DIR torch/csrc/api/include/torch/torch.h PATHS ${_torch_root}/include NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libtorch
  REQUIRED_VARS LIBTORCH_CPU_LIBRARY LIBTORCH_C10_LIBRARY LIBTORCH_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run 'make setup', or give -DPARLANDO_LIBTORCH=<folder with include/ and lib/>")

if(Libtorch_FOUND AND NOT TARGET libtorch::cpu)
  add_library(libtorch::cpu INTERFACE IMPORTED)
  target_include_directories(libtorch::cpu SYSTEM INTERFACE
    ${LIBTORCH_INCLUDE_DIR} ${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(libtorch::cpu INTERFACE ${LIBTORCH_CPU_LIBRARY} ${LIBTORCH_C10_LIBRARY})
  # The wheel's libraries name their own CUDA run time through a run path; the linker has to be told.
  target_link_options(libtorch::cpu INTERFACE
    "LINKER:-rpath-link,${_torch_root}/../nvidia/cu13/lib:${_torch_root}/../nvidia/cuda_runtime/lib"
    "LINKER:--allow-shlib-undefined")
endif()
