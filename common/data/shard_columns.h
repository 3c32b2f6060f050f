#pragma once

#include <array>
#include <string>

#include "common/data/dataset.h"

namespace parlando::data {

/// A text column of a shard: its name in the file and the member that it holds.
struct TextColumn {
  const char* name;
  std::string DatasetRow::*member;
};

inline constexpr std::array kTextColumns{
    TextColumn{"clip", &DatasetRow::clip},
    TextColumn{"channel", &DatasetRow::channel},
    TextColumn{"sex", &DatasetRow::sex},
    TextColumn{"intensity", &DatasetRow::intensity},
    TextColumn{"statement", &DatasetRow::statement},
    TextColumn{"repetition", &DatasetRow::repetition},
    TextColumn{"actor", &DatasetRow::actor},
    TextColumn{"augmentation", &DatasetRow::augmentation},
    TextColumn{"source", &DatasetRow::source},
    TextColumn{"audio_hash", &DatasetRow::audio_hash},
};

inline constexpr const char* kFeatures = "features";
inline constexpr const char* kOffsets = "offsets";
inline constexpr const char* kEmotion = "emotion";

}  // namespace parlando::data
