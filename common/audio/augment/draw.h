#pragma once

#include <string>
#include <vector>

#include "common/audio/augment/options.h"
#include "common/core/random.h"
#include "common/io/json.h"

namespace parlando::audio {

/// Draws the parameters of an operation on waveforms: {"op": name, ...}, everything that applying
/// it takes (waveform_augmenter.h). `files` are the sounds of options.folder.
Json draw_operation(const std::string& op, const WaveformOptions& options,
                    const std::vector<std::string>& files, RandomStream& stream);

}  // namespace parlando::audio
