#include "common/config/command_line.h"

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/version.h"

namespace parlando {
namespace {

std::vector<std::string> long_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string hint_for(const CLI::App& app, int argc, const char* const* argv) {
  const std::vector<std::string> known = long_options(app);
  for (int i = 1; i < argc; ++i) {
    const std::string name = split_text(argv[i], '=').front();
    if (!name.starts_with("--") || std::ranges::find(known, name) != known.end()) continue;
    const std::string near = nearest(name, known);
    if (!near.empty()) return fmt::format("; did you mean {}?", near);
  }
  return "";
}

}  // namespace

CommandLine::CommandLine(const std::string& verb, const std::string& purpose,
                         const std::string& example)
    : example_(example), app_(purpose, "parlando " + verb) {
  app_.set_version_flag("--version", "parlando " + version());
  app_.option_defaults()->always_capture_default();
}

void CommandLine::accept_overrides(std::vector<std::string>& overrides, const std::string& keys) {
  keys_ = keys;
  app_.add_option("overrides", overrides, "configuration keys that win over the file")
      ->type_name("key=value ...")
      ->take_all();
}

std::optional<int> CommandLine::parse(int argc, const char* const* argv) {
  std::string footer = "\nExample:\n  " + example_;
  if (!keys_.empty()) footer = "\nKeys, defaults and meanings:\n" + keys_ + footer;
  app_.footer(footer);
  try {
    app_.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app_.exit(success);
  } catch (const CLI::ParseError& error) {
    fail(ErrorKind::usage, "{}{} (see {} --help)", error.what(), hint_for(app_, argc, argv),
         app_.get_name());
  }
  return std::nullopt;
}

}  // namespace parlando
