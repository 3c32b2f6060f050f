#include "cli/verbs.h"

#include <array>
#include <iterator>

#include <fmt/format.h>

#include "common/core/version.h"

namespace parlando {
namespace {

constexpr std::array kVerbs = {
    Verb{"doctor", "versions, devices, launch environment: what will work here"},
    Verb{"scan", "find and check the clips of a folder"},
    Verb{"synth", "make up a RAVDESS-like corpus for demos, tests and scale runs"},
    Verb{"split", "divide a corpus into train, validation and test clips"},
    Verb{"audit", "count what a split shares between its sides; refuse leaks"},
    Verb{"features", "one clip through the feature extractor, as .npy"},
    Verb{"preprocess", "corpus -> dataset (HDF5 shards)"},
    Verb{"train", "dataset -> run: train, keep the best model, test it once"},
    Verb{"evaluate", "metrics of a run with intervals, also of changed recordings"},
    Verb{"predict", "what a trained network hears in recordings and live sound"},
    Verb{"report", "tables and one HTML page for a run"},
    Verb{"sweep", "many configurations: on this machine or as SLURM array jobs"},
    Verb{"study", "rows of an experiment over seeds, one file of results a run"},
    Verb{"bench", "how training scales over ranks and threads on this machine"},
    Verb{"inspect", "say what any of our files is and what is in it"},
};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const Verb& verb : kVerbs) names.emplace_back(verb.name);
  return names;
}

std::string overview() {
  fmt::memory_buffer text;
  auto out = std::back_inserter(text);
  fmt::format_to(out,
                 "parlando {}: from a folder of emotional speech and song to a trained, evaluated "
                 "model\n\nUsage: parlando VERB [options] [key=value ...]\n\nVerbs:\n",
                 version());
  for (const Verb& verb : kVerbs) fmt::format_to(out, "  {:<11} {}\n", verb.name, verb.purpose);
  fmt::format_to(
      out,
      "\nparlando VERB --help shows every option with its default and an example.\n"
      "Exit codes: 0 done, 2 usage, 3 defective input, 4 damaged file, 5 a rank failed,\n"
      "85 stopped on request (run the same command again to continue).\n");
  return fmt::to_string(text);
}

}  // namespace parlando
