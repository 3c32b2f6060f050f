#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/data/clip.h"

namespace parlando::data {

/// neutral calm happy sad angry fearful disgust surprised: the order of the emotion field, 01 ..
/// 08.
const std::vector<std::string>& ravdess_classes();

/// What the name of a clip without its ending must look like, for messages.
inline constexpr const char* kRavdessNamePattern =
    "MM-CC-EE-II-SS-RR-AA (modality-channel-emotion-intensity-statement-repetition-actor), "
    "for instance 03-01-05-02-01-01-11";

/// Labels of a clip from its RAVDESS name without ending. Modality 03 (audio only) alone; the actor
/// has two to six digits, since made-up corpora have more than 24 actors. Livingstone & Russo 2018,
/// PLoS ONE 13(5): e0196391. Throws Error(data) with the reason alone: the caller knows the file.
Clip parse_ravdess_name(std::string_view stem);

}  // namespace parlando::data
