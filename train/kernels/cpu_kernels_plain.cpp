#include "train/kernels/cpu_kernels_body.h"
#include "train/kernels/cpu_kernels_sets.h"

namespace parlando::train {

extern const CpuKernels kPlainKernels = kernels_of<4, 4, 2>("plain");

}  // namespace parlando::train
