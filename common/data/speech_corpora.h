#pragma once

#include <filesystem>

#include "common/data/clip.h"

namespace parlando::data {

/// Labels of a clip from its path below the corpus folder. Class names are RAVDESS's; the id is the
/// name without its ending. All throw Error(data) with the reason alone: the caller knows the file.

inline constexpr const char* kEmodbPattern =
    "SSTTTEV (speaker 03 to 16, text, emotion, version), for instance 03a01Fa";
/// EMO-DB (Burkhardt et al. 2005), German. Emotion letters are of German words: W Wut (angry),
/// L Langeweile (bored), E Ekel (disgust), A Angst (fearful), F Freude (happy), T Trauer (sad),
/// N neutral. The version is the repetition.
Clip parse_emodb(const std::filesystem::path& path);

inline constexpr const char* kCremadPattern =
    "actor_sentence_emotion_intensity, for instance 1001_DFA_ANG_XX";
/// CREMA-D (Cao et al. 2014), English. Intensities LO, MD and HI become "low", "medium", "high"; XX
/// (unspecified) becomes "". The sex of the actors stands in a table of the corpus, not in names.
Clip parse_cremad(const std::filesystem::path& path);

inline constexpr const char* kTessPattern =
    "actress_word_emotion, for instance OAF_back_angry or YAF_youth_ps";
/// TESS (Pichora-Fuller & Dupuis 2020), English: the older (OAF) and the younger (YAF) actress;
/// "ps" is pleasant surprise. The word is the statement.
Clip parse_tess(const std::filesystem::path& path);

inline constexpr const char* kSaveePattern =
    "DC_a01 in one folder, or a01 in the folder of its speaker (DC, JE, JK, KL)";
/// SAVEE (Haq & Jackson 2009), British English, four men. Emotions a d f h n sa su and the number
/// of the sentence, which is one of the emotion's own: "a01" is the statement. The id is "DC_a01"
/// wherever the clip lies.
Clip parse_savee(const std::filesystem::path& path);

}  // namespace parlando::data
