#include "train/kernels/cpu_kernels.h"

#include "train/kernels/cpu_kernels_sets.h"

namespace parlando::train {

CpuKernelList runnable_cpu_kernels() {
  CpuKernelList list{{&kPlainKernels}, 1};
#ifdef __x86_64__
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
      __builtin_cpu_supports("bmi2")) {
    list.sets[list.count++] = &kAvx2Kernels;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
      list.sets[list.count++] = &kAvx512Kernels;
    }
  }
#endif
  return list;
}

const CpuKernels& cpu_kernels() {
  static const CpuKernelList list = runnable_cpu_kernels();
  return *list.sets[list.count - 1];
}

bool has_fast_bfloat16() {
#ifdef __x86_64__
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

}  // namespace parlando::train
