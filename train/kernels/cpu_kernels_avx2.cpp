#include "train/kernels/cpu_kernels_body.h"
#include "train/kernels/cpu_kernels_sets.h"

namespace parlando::train {

extern const CpuKernels kAvx2Kernels = kernels_of<8, 6, 2>("avx2");

}  // namespace parlando::train
