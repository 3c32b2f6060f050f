#include "tests/unit/predict/made_up_model.h"

#include <cmath>

#include "common/audio/feature_extractor.h"
#include "common/config/config.h"
#include "preprocess/pipeline/preprocess_config.h"
#include "train/run/model_folder.h"

namespace parlando::test {

void write_model(const std::filesystem::path& folder, const MadeUpModel& made_up) {
  const auto config = parse_config<preprocess::PreprocessConfig>(made_up.recipe, "recipe");
  const audio::FeatureExtractor extractor(config.recipe);
  train::ModelDescription description{
      .name = "made-up",
      .classes = {"calm", "happy", "sad"},
      .recipe = dump_config(config),
      .row_names = extractor.row_names(),
      .input = {.frames = made_up.frames,
                .rows = static_cast<std::int64_t>(extractor.row_names().size())},
      .model = {},
      .normalization = {},
      .data_hash = "none"};
  description.model.mask = made_up.mask;
  description.model.conv = {{.filters = 4, .kernel = 3, .pool = 2, .dropout = 0.2}};
  description.model.lstm.hidden = 4;
  train::Normalization& normalization = description.normalization;
  normalization.frames = static_cast<std::size_t>(description.input.frames);
  normalization.rows = static_cast<std::size_t>(description.input.rows);
  for (std::size_t i = 0; i < normalization.frames * normalization.rows; ++i) {
    normalization.mean.push_back(-30 + 5 * std::sin(static_cast<float>(i)));
    normalization.deviation.push_back(10 + static_cast<float>(i % 7));
  }
  normalization.epsilon = 1e-8;
  train::Classifier model(description.model, description.input, 3, 11);
  // Probabilities that are far from equal.
  const at::NoGradGuard guard;
  for (train::NamedTensor& entry : model.parameters()) entry.tensor.mul_(2);
  train::write_model_folder(folder, description, model);
}

}  // namespace parlando::test
