#include "common/core/program.h"

#include <cstdio>
#include <exception>

#include <fmt/format.h>

#include "common/core/error.h"

namespace parlando {

int run_program(const std::string& name, const std::function<int()>& body) {
  try {
    return body();
  } catch (const Error& error) {
    // An empty message: another rank has said it.
    if (*error.what() != '\0') fmt::print(stderr, "{}: {}\n", name, error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: internal error: {}\n", name, error.what());
    return static_cast<int>(ErrorKind::internal);
  }
}

}  // namespace parlando
