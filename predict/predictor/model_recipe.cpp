#include "predict/predictor/model_recipe.h"

#include <variant>

#include "common/audio/feature_extractor.h"
#include "common/config/config.h"
#include "common/core/error.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "train/run/run_folder.h"

namespace parlando::predict {
namespace {

constexpr const char* kDescription = "model.json";

audio::FeatureRecipe parse_recipe(const std::string& text, const std::string& source) {
  try {
    return parse_config<preprocess::PreprocessConfig>(text, source + ": recipe").recipe;
  } catch (const Error& error) {
    fail(ErrorKind::artefact,
         "{}; the model is damaged or of another version of parlando: copy it anew, train again or "
         "use that version",
         error.what());
  }
}

}  // namespace

std::filesystem::path find_model_folder(const std::filesystem::path& path) {
  if (std::filesystem::exists(path / kDescription)) return path;
  const std::filesystem::path below = path / train::run_files::kModel;
  if (std::filesystem::exists(below / kDescription)) return below;
  fail(ErrorKind::artefact,
       "{}: no model here; give a run folder whose training has finished, or its folder model/",
       path.string());
}

audio::FeatureRecipe recipe_of(const train::ModelDescription& description,
                               const std::string& source) {
  audio::FeatureRecipe recipe = parse_recipe(description.recipe, source);
  for (const audio::FeatureBlock& block : recipe.features) {
    if (!std::holds_alternative<audio::ExternalRecipe>(block.recipe)) continue;
    fail(ErrorKind::usage,
         "{}: its features have arrays that another program computed (block '{}'), which can't be "
         "made from a recording here; evaluate reads them from the dataset",
         source, block.name);
  }
  if (audio::FeatureExtractor(recipe).row_names() != description.row_names) {
    fail(ErrorKind::artefact,
         "{}: its recipe gives other feature rows than the network was trained on; the model is "
         "damaged: copy it anew, or train again",
         source);
  }
  return recipe;
}

}  // namespace parlando::predict
