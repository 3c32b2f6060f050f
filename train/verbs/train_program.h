#pragma once

#include "train/verbs/rank_program.h"

namespace parlando::train {

/// main() of parlando-train. `observer` is told of every operation that the rank begins.
int run_train_program(int argc, char** argv, const OperationObserver& observer = {});

}  // namespace parlando::train
