#pragma once

#include <filesystem>

#include "experiments/sweep/folder/sweep_folder.h"

namespace parlando::study {

struct Study;

/// Whether a trial has ended well, and its run is there.
bool has_finished(const sweep::Sweep& sweep, int trial);

/// Writes the row of a finished trial below the results of all studies, in place of one that is
/// there; says whether that one had the same figures. Throws Error(artefact) naming what is absent.
void write_row(const sweep::Sweep& sweep, const std::filesystem::path& results,
               const sweep::Trial& trial);

/// Makes a trial that has ended an open one, unless somebody works on it; with `with_run` it begins
/// anew. Does nothing to one that has not ended.
void forget_outcome(const sweep::Sweep& sweep, int trial, bool with_run);

/// Tests a finished trial under the conditions that its study asks for and it has not been tested
/// under. Throws Error(data) with the program's words if that fails.
void test_conditions(const sweep::Sweep& sweep, const sweep::Trial& trial);

/// Removes the checkpoints of a finished trial.
void remove_checkpoints(const sweep::Sweep& sweep, const sweep::Trial& trial);

/// Removes a dataset that no open trial needs and nobody works with. `except`: a trial that has
/// just ended.
void remove_spent_dataset(const sweep::Sweep& sweep, const std::string& dataset, int except = -1);

/// Lets the sweep's workers write rows, and with Study::tidy remove what is not needed any more.
/// The study must outlive their work.
void add_hooks(Study& study);

/// With Study::tidy, removes all datasets that are not needed any more.
void tidy_up(const Study& study);

}  // namespace parlando::study
