#pragma once

#include "train/kernels/cpu_kernels.h"

namespace parlando::train {

/// One file each, compiled for its instruction set; cpu_kernels.cpp chooses.
extern const CpuKernels kPlainKernels;   ///< what every processor of the architecture has
extern const CpuKernels kAvx2Kernels;    ///< x86-64-v3
extern const CpuKernels kAvx512Kernels;  ///< x86-64-v4

}  // namespace parlando::train
