#pragma once

// What the trainer uses of libtorch; precompiled for every target of train/. The modules and
// optimisers of the C++ frontend are left out: layers, parameters and the optimiser are the
// trainer's own.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/types.h>
