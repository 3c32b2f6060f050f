#include <cstdint>
#include <filesystem>
#include <string>

#include "common/config/config.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "tests/fuzz/fuzz_input.h"

using namespace parlando;

namespace {

using Config = preprocess::PreprocessConfig;

void check_config(const Config& config) {
  const std::string text = dump_config(config);
  fuzz::require(dump_config(parse_config<Config>(text, "dump")) == text,
                "a configuration changes when it is written and read");
}

}  // namespace

/// A preprocess configuration. With '=' in front, the rest is one override of the command line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text({data, size}));
  static const fuzz::ScratchFolder folder;
  static const std::filesystem::path file = folder.path() / "config.yaml";
  fuzz::may_refuse([&] {
    if (text.starts_with('=')) {
      check_config(load_config<Config>({}, {text.substr(1)}));
    } else {
      fuzz::write_input(file, text);
      check_config(load_config<Config>({file.string()}));
    }
  });
  return 0;
}
