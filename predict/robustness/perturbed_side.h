#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "common/data/corpus.h"
#include "common/metrics/prediction.h"
#include "predict/predictor/predictor.h"
#include "predict/robustness/condition.h"

namespace parlando::predict {

/// Where the recordings of a dataset lie: `given`, a folder or a corpus manifest, else the folder
/// that the corpus names. Throws Error(usage) if it is no folder.
std::filesystem::path find_recordings(const data::Corpus& corpus,
                                      const std::filesystem::path& given);

/// What the model says of recordings that are changed before anything else is done to them: for
/// each condition the predictions for the clips of `labelled`, in its order and with its labels.
/// Every clip is decoded once, by `threads` threads; the result does not depend on their number.
/// Throws Error(data) naming a clip that can't be read or is not the audio of the corpus.
std::vector<std::vector<metrics::Prediction>> predict_perturbed(
    const Predictor& predictor, const data::Corpus& corpus, const std::filesystem::path& recordings,
    std::span<const metrics::Prediction> labelled, const ConditionDraws& draws, int threads);

}  // namespace parlando::predict
