#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include "cli/inspect/inspect.h"
#include "cli/inspect/print.h"
#include "common/config/command_line.h"
#include "common/core/program.h"

namespace {

int run_inspect(int argc, char** argv) {
  parlando::CommandLine command("inspect",
                                "Says what a file or folder of parlando is and what is in it.",
                                "parlando inspect runs/mel128\n"
                                "  parlando inspect configs/train/mfcc121.yaml --input 248x121");
  std::string path;
  bool json = false;
  std::string input;
  std::int64_t classes = parlando::inspect::NetworkInput{}.classes;
  command.app().add_option("path", path, "file or folder")->required();
  command.app()
      .add_option("--input", input,
                  "shape of the features: shows the network that a training configuration makes of "
                  "them, with its parameters")
      ->type_name("FRAMESxROWS");
  command.app().add_option("--classes", classes, "of that network")->check(CLI::PositiveNumber);
  command.app().add_flag("--json", json, "as one JSON document");
  if (const auto code = command.parse(argc, argv)) return *code;
  std::optional<parlando::inspect::NetworkInput> network;
  if (!input.empty()) network = parlando::inspect::network_input(input, classes);
  const parlando::Json description = parlando::inspect::inspect_path(path, network);
  std::cout << (json ? description.dump(2, ' ', false, parlando::Json::error_handler_t::replace) +
                           "\n"
                     : parlando::inspect::to_text(description));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return parlando::run_program("parlando-inspect", [&] { return run_inspect(argc, argv); });
}
