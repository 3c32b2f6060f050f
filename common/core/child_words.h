#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace parlando {

/// This process's environment with `changes` laid over it, each entry "NAME=value"; of its own
/// variables those that `without` names are left out.
std::vector<std::string> environment_with(
    const std::map<std::string, std::string>& changes,
    const std::function<bool(const std::string&)>& without = {});

/// The words as exec takes them, a null pointer last; valid as long as `words`.
std::vector<char*> pointers(std::vector<std::string>& words);

/// Where PATH finds the program; `name` itself if it has a slash. Throws Error(usage) naming it.
std::string find_program(const std::string& name);

}  // namespace parlando
