#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/exec_verb.h"
#include "cli/verbs.h"
#include "common/core/error.h"
#include "common/core/program.h"
#include "common/core/text.h"
#include "common/core/version.h"

namespace {

int run(const std::vector<std::string>& words) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h") {
    fmt::print("{}", parlando::overview());
    return 0;
  }
  if (words[0] == "--version") {
    fmt::print("parlando {}\n", parlando::version());
    return 0;
  }
  if (words[0] == "help") {
    if (words.size() == 1) return run({});
    parlando::exec_verb(words[1], {"--help"});
  }
  if (words[0].starts_with("-")) {
    const std::string near = parlando::nearest(words[0], {"--help", "--version"});
    parlando::fail(parlando::ErrorKind::usage, "unknown option {}{}; the verb comes first: {}",
                   words[0], near.empty() ? "" : ", did you mean " + near + "?",
                   "parlando VERB [options]");
  }
  parlando::exec_verb(words[0], {words.begin() + 1, words.end()});
}

}  // namespace

int main(int argc, char** argv) {
  return parlando::run_program("parlando", [&] { return run({argv + 1, argv + argc}); });
}
