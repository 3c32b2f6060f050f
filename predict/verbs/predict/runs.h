#pragma once

#include <span>
#include <string>

#include "common/audio/decode.h"
#include "predict/predictor/predictor.h"
#include "predict/verbs/predict/options.h"
#include "predict/verbs/predict/output.h"
#include "predict/windows/windows.h"

namespace parlando::predict {

/// Predicts clips as wholes, in their order, a batch at a time on each of `threads` threads.
/// Returns how many can't be used; those are named.
std::size_t predict_clips(const Predictor& predictor, std::span<const std::string> paths,
                          const PredictOptions& options, int threads, Output& output);

/// Predicts recordings in windows, one recording after the other, their windows on `threads`
/// threads. Returns how many can't be used.
std::size_t predict_windows(const Predictor& predictor, std::span<const std::string> paths,
                            const PredictOptions& options, int threads, Output& output);

/// Predicts the windows of the sound that arrives on stdin, each as soon as it is whole, until it
/// ends. Throws as PcmStream, and Error(data) for a stream without sound.
void predict_stream(const Predictor& predictor, const PredictOptions& options, Output& output);

/// Windows and hop as asked for. Throws Error(usage) if the model does not tell how long a window
/// is and the options don't either.
WindowPlan window_plan(const Predictor& predictor, const PredictOptions& options,
                       std::int64_t sample_rate);

/// Scores of a window that may give no features, as silence or a short rest may not.
WindowScores score_window(const Predictor& predictor, const audio::DecodedAudio& window,
                          double begin);

/// Decodes a clip. Throws Error(data) with the reason alone.
audio::DecodedAudio decode_clip(const std::string& path);

}  // namespace parlando::predict
