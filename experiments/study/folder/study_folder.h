#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/study/plan/machine_config.h"
#include "experiments/study/row/run_identity.h"
#include "experiments/sweep/folder/sweep_folder.h"

namespace parlando::study {

/// What `parlando study run` is asked to do.
struct StudyRequest {
  std::string config;             ///< the study's file
  std::filesystem::path corpus;   ///< folder, list or manifest of its clips
  std::filesystem::path out;      ///< where it works; empty: studies/NAME
  std::filesystem::path results;  ///< of all studies
  std::vector<std::string> only;  ///< runs that are made again; empty = all that are open
  std::vector<std::string> keys;  ///< of MachineConfig
  bool tidy = false;              ///< remove datasets and checkpoints that nobody needs any more
};

/// A study whose runs are written down in its folder (docs/studies.md), worked on as a sweep whose
/// trials have configurations of their own. Trials that the study does not have any more, and those
/// whose rows are there, are left out of the sweep's work.
struct Study {
  std::filesystem::path results;  ///< of all studies
  bool tidy = false;
  std::vector<int> current;             ///< trials of the study as it is, in the order of work
  std::vector<RunIdentity> identities;  ///< of these
  std::vector<std::string> reasons;     ///< why each is open; "" = its row is there
  sweep::Sweep sweep;

  std::filesystem::path row_of(std::size_t i) const { return row_file(results, identities[i]); }
  std::size_t open() const;
};

/// Plans the study, looks which rows are there and are what it would make, writes the runs down and
/// takes over what finished runs have left. With `only`, those runs are open whatever is there, and
/// finished ones among them begin anew. Throws Error(usage) for a configuration that would be
/// refused, naming the row, or if the folder holds something else.
Study make_study(const StudyRequest& request);

/// Of a folder that make_study() wrote. Throws Error(artefact) if there is none or it is damaged.
Study open_study(const std::filesystem::path& folder);

/// Looks again which rows are there, after taking over what finished runs have left.
void refresh(Study& study);

}  // namespace parlando::study
