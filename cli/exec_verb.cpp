#include "cli/exec_verb.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <unistd.h>

#include "cli/verbs.h"
#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando {
namespace {

std::filesystem::path own_folder() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path{} : self.parent_path();
}

[[noreturn]] void fail_to_find(const std::string& verb, const std::string& folder) {
  const std::vector<std::string> known = verb_names();
  if (std::ranges::find(known, verb) != known.end()) {
    fail(ErrorKind::usage,
         "the program parlando-{} is neither in {} nor on PATH; 'make build' builds every program",
         verb, folder);
  }
  const std::string near = nearest(verb, known);
  fail(ErrorKind::usage, "unknown verb '{}'{} (parlando --help lists the verbs)", verb,
       near.empty() ? "" : "; did you mean '" + near + "'?");
}

}  // namespace

void exec_verb(const std::string& verb, const std::vector<std::string>& arguments) {
  const std::string program = "parlando-" + verb;
  const std::filesystem::path folder = own_folder();
  if (verb.empty() || verb.find('/') != std::string::npos) fail_to_find(verb, folder.string());

  std::vector<std::string> words{(folder / program).string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  if (!folder.empty()) execv(argv[0], argv.data());
  if (errno == ENOENT || folder.empty()) {
    words[0] = program;
    argv[0] = words[0].data();
    execvp(argv[0], argv.data());
  }
  if (errno == ENOENT) fail_to_find(verb, folder.string());
  fail(ErrorKind::internal, "cannot start {}: {}", words[0], std::strerror(errno));
}

}  // namespace parlando
