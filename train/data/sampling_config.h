#pragma once

#include <string>

namespace parlando::train {

/// Which samples an epoch holds.
struct SamplingConfig {
  std::string oversample = "none";

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("oversample", oversample,
            {.help = "repeats samples of smaller classes at random until all are as large as the "
                     "largest: drawn once, or anew each epoch",
             .choices = {"none", "once", "each-epoch"}});
  }
};

}  // namespace parlando::train
