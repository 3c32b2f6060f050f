#include "predict/robustness/condition.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "common/audio/augment/draw.h"
#include "common/audio/augment/sound_folder.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "common/io/checksum.h"

namespace parlando::predict {
namespace {

constexpr std::size_t kLongestName = 64;
constexpr double kLargestDecibels = 100;

preprocess::VariantOperation operation_of(const std::string& op) {
  preprocess::VariantOperation operation;
  operation.op = op;
  return operation;
}

/// The number of dB between `prefix` and `suffix`; nothing if `name` is anything else.
std::optional<double> decibels(std::string_view name, std::string_view prefix,
                               std::string_view suffix = "") {
  if (name.size() < prefix.size() + suffix.size()) return std::nullopt;
  if (!name.starts_with(prefix) || !name.ends_with(suffix)) return std::nullopt;
  name = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
  if (name.starts_with('+')) name.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  if (!whole || !(std::abs(value) <= kLargestDecibels)) return std::nullopt;
  return value;
}

preprocess::VariantOperation noise_of(const char* color, double snr_db) {
  preprocess::VariantOperation noise = operation_of("waveform_noise");
  noise.waveform.color = color;
  noise.waveform.snr_db = {snr_db, snr_db};
  return noise;
}

preprocess::VariantOperation gain_of(double gain_db) {
  preprocess::VariantOperation gain = operation_of("gain");
  gain.waveform.gain_db = {gain_db, gain_db};
  return gain;
}

/// Names become names of files.
void check_name(const std::string& name) {
  const bool fits = !name.empty() && name.size() <= kLongestName && name.front() != '.' &&
                    std::ranges::all_of(name, [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '-' || c == '+' || c == '_' || c == '.';
                    });
  if (!fits) {
    fail(ErrorKind::usage,
         "'{}': a condition is NAME={{op: ...}} with a name of letters, digits, '-', '+', '_' and "
         "'.'",
         name);
  }
}

/// The value of `operations:` in a configuration.
struct Operations {
  std::vector<preprocess::VariantOperation> operations;

  template <class Visitor>
  void visit(Visitor& v) {
    v.field("operations", operations, {.help = "on the waveform"});
  }
};

}  // namespace

Condition preset_condition(const std::string& name) {
  if (name == "clean") return {name, {}};
  if (name == "telephone") return {name, {operation_of("telephone")}};
  if (const auto snr = decibels(name, "snr")) return {name, {noise_of("white", *snr)}};
  if (const auto snr = decibels(name, "noise ", " dB")) return {name, {noise_of("white", *snr)}};
  if (const auto snr = decibels(name, "pink noise ", " dB")) {
    return {name, {noise_of("pink", *snr)}};
  }
  if (const auto gain = decibels(name, "gain")) return {name, {gain_of(*gain)}};
  if (const auto gain = decibels(name, "gain ", " dB")) return {name, {gain_of(*gain)}};
  fail(ErrorKind::usage,
       "no condition '{}'; there are clean, telephone, snr10 or 'noise 10 dB', 'pink noise 10 dB', "
       "gain-20 or 'gain -20 dB', of any dB, and --perturb for others",
       name);
}

Condition parse_condition(const std::string& text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  Condition condition{text.substr(0, equals), {}};
  check_name(condition.name);
  const std::string list = equals < text.size() ? text.substr(equals + 1) : "";
  const bool several = list.starts_with('[');
  condition.operations =
      parse_config<Operations>("operations: " + (several ? list : "[" + list + "]"),
                               "--perturb " + condition.name)
          .operations;
  for (const preprocess::VariantOperation& operation : condition.operations) {
    if (operation.on_waveform()) continue;
    fail(ErrorKind::usage,
         "--perturb {}: '{}' works on normalised features; give operations on the waveform",
         condition.name, operation.op);
  }
  if (condition.operations.empty()) {
    fail(ErrorKind::usage, "--perturb {}: no operation; for instance {}={{op: telephone}}",
         condition.name, condition.name);
  }
  return condition;
}

ConditionDraws::ConditionDraws(std::vector<Condition> conditions, std::uint64_t seed)
    : conditions_(std::move(conditions)), seed_(seed) {
  for (std::size_t i = 0; i < conditions_.size(); ++i) {
    const Condition& condition = conditions_[i];
    const auto earlier = conditions_.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find_if(conditions_.begin(), earlier, [&](const Condition& other) {
          return other.name == condition.name;
        }) != earlier) {
      fail(ErrorKind::usage, "the condition '{}' is asked for twice", condition.name);
    }
    auto& sounds = sounds_.emplace_back();
    for (const preprocess::VariantOperation& operation : condition.operations) {
      sounds.push_back(operation.waveform.needs_folder(operation.op)
                           ? audio::list_sounds(operation.waveform.folder)
                           : std::vector<std::string>{});
    }
  }
}

std::vector<Json> ConditionDraws::draw(std::size_t index, const std::string& clip) const {
  Hasher hasher;
  hasher.update(clip);
  const std::vector<preprocess::VariantOperation>& operations = conditions_[index].operations;
  std::vector<Json> drawn;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    RandomStream stream(seed_, "perturbation", hasher.number(), static_cast<std::uint32_t>(i));
    drawn.push_back(
        audio::draw_operation(operations[i].op, operations[i].waveform, sounds_[index][i], stream));
  }
  return drawn;
}

}  // namespace parlando::predict
