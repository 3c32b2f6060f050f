#pragma once

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

/// Skips the test on a machine without a CUDA device, with what the driver says.
#define PARLANDO_NEED_GPU()                                                                     \
  do {                                                                                          \
    int devices = 0;                                                                            \
    const cudaError_t status = cudaGetDeviceCount(&devices);                                    \
    if (status != cudaSuccess || devices == 0) {                                                \
      GTEST_SKIP() << "no CUDA device on this machine: "                                        \
                   << (status != cudaSuccess ? cudaGetErrorString(status) : "none is visible"); \
    }                                                                                           \
  } while (false)
