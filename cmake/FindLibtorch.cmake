# Finds libtorch without TorchConfig.cmake, which insists on the CUDA language and on every CUDA library.
#   PARLANDO_LIBTORCH  folder that holds include/ and lib/ of libtorch: a cache variable or a variable of
#                      the environment (default: .deps/libtorch)
# Defines libtorch::cpu and, with PARLANDO_CUDA, libtorch::cuda.

if(DEFINED ENV{PARLANDO_LIBTORCH} AND NOT "$ENV{PARLANDO_LIBTORCH}" STREQUAL "")
  set(_torch_default "$ENV{PARLANDO_LIBTORCH}")
else()
  set(_torch_default "${CMAKE_SOURCE_DIR}/.deps/libtorch")
endif()
set(PARLANDO_LIBTORCH "${_torch_default}" CACHE PATH "libtorch: folder with include/ and lib/")
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
  # libtorch ships headers of its own fmt; ours must be found before them, as the library is ours.
  find_path(FMT_INCLUDE_DIR fmt/format.h REQUIRED)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/foreign)
  file(CREATE_LINK ${FMT_INCLUDE_DIR}/fmt ${CMAKE_BINARY_DIR}/foreign/fmt SYMBOLIC)
  target_include_directories(libtorch::cpu SYSTEM INTERFACE
    ${CMAKE_BINARY_DIR}/foreign ${LIBTORCH_INCLUDE_DIR} ${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include)
  target_link_libraries(libtorch::cpu INTERFACE ${LIBTORCH_CPU_LIBRARY} ${LIBTORCH_C10_LIBRARY})
  # The wheel's libraries name their own CUDA run time through a run path; the linker has to be told.
  target_link_options(libtorch::cpu INTERFACE
    "LINKER:-rpath-link,${_torch_root}/../nvidia/cu13/lib:${_torch_root}/../nvidia/cuda_runtime/lib"
    "LINKER:--allow-shlib-undefined")
endif()

# libtorch_cuda registers its kernels when it is loaded, so the linker must keep it though no symbol of it
# is named. libcuda itself comes with the driver and is never linked.
if(Libtorch_FOUND AND PARLANDO_CUDA AND NOT TARGET libtorch::cuda)
  find_package(CUDAToolkit REQUIRED)
  find_library(LIBTORCH_CUDA_LIBRARY torch_cuda PATHS ${_torch_root}/lib NO_DEFAULT_PATH)
  find_library(LIBTORCH_C10_CUDA_LIBRARY c10_cuda PATHS ${_torch_root}/lib NO_DEFAULT_PATH)
  if(NOT LIBTORCH_CUDA_LIBRARY OR NOT LIBTORCH_C10_CUDA_LIBRARY)
    message(FATAL_ERROR "libtorch in ${_torch_root} is a CPU build: it has no libtorch_cuda")
  endif()
  add_library(libtorch::cuda INTERFACE IMPORTED)
  target_link_options(libtorch::cuda INTERFACE "LINKER:-rpath-link,${CUDAToolkit_LIBRARY_DIR}")
  target_link_libraries(libtorch::cuda INTERFACE
    -Wl,--no-as-needed ${LIBTORCH_CUDA_LIBRARY} ${LIBTORCH_C10_CUDA_LIBRARY} -Wl,--as-needed
    libtorch::cpu CUDA::cudart)
endif()
