#pragma once

#include "common/core/signals.h"
#include "experiments/sweep/folder/sweep_folder.h"

namespace parlando::sweep {

/// Works as one element of an array job on the trials that its round gives it, one after the
/// other, until nothing is left that others do not work on. Throws Error(stopped) when asked to
/// stop: the trial has a checkpoint, and the element goes on when it is requeued.
void work_element(const Sweep& sweep, int round, int element, const StopRequest& stop);

}  // namespace parlando::sweep
