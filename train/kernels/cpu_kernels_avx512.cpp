#include "train/kernels/cpu_kernels_body.h"
#include "train/kernels/cpu_kernels_sets.h"

namespace parlando::train {

extern const CpuKernels kAvx512Kernels = kernels_of<16, 8, 2>("avx512");

}  // namespace parlando::train
