#include "common/data/audit_rows.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace parlando::data {
namespace {

void add_if_any(Relation& relation, Audit& audit) {
  relation.count = relation.pairs.size();
  if (relation.count > 0) audit.relations.push_back(std::move(relation));
}

}  // namespace

void audit_rows(std::span<const DatasetRow> rows, const Split& split, Audit& audit) {
  const std::unordered_set<std::string> train(split.train.begin(), split.train.end());
  std::unordered_set<std::string> named = train;
  named.insert(split.validation.begin(), split.validation.end());
  named.insert(split.test.begin(), split.test.end());
  std::unordered_set<std::string> dropped;
  for (const DroppedClip& clip : split.dropped) dropped.insert(clip.id);

  Relation variants{"variant-outside-train", "dataset", 0, false, {}};
  Relation strangers{"row-not-in-split", "dataset", 0, false, {}};
  Relation missing{"clip-without-row", "dataset", 0, false, {}};
  std::unordered_set<std::string> present;
  for (const DatasetRow& row : rows) {
    present.insert(row.clip);
    if (dropped.contains(row.source)) continue;  // on no side, and its variants neither
    if (row.clip != row.source && !train.contains(row.source)) {
      variants.pairs.push_back(row.source + " ~ " + row.clip);
    }
    if (row.clip == row.source && !named.contains(row.clip)) strangers.pairs.push_back(row.clip);
  }
  for (const std::vector<std::string>* side : {&split.train, &split.validation, &split.test}) {
    for (const std::string& id : *side) {
      if (!present.contains(id)) missing.pairs.push_back(id);
    }
  }
  for (Relation* relation : {&variants, &strangers, &missing}) add_if_any(*relation, audit);
}

void audit_labels(std::span<const DatasetRow> rows, std::span<const std::string> classes,
                  const Corpus& corpus, Audit& audit) {
  std::unordered_map<std::string, const Clip*> by_id;
  for (const Clip& clip : corpus.clips) by_id.emplace(clip.id, &clip);
  Relation relation{"other-label", "dataset", 0, false, {}};
  for (const DatasetRow& row : rows) {
    const auto clip = by_id.find(row.source);
    if (clip == by_id.end()) continue;
    const auto index = static_cast<std::size_t>(row.emotion);
    if (index >= classes.size() || classes[index] != clip->second->label) {
      relation.pairs.push_back(row.clip + " ~ " + clip->second->label);
    }
  }
  add_if_any(relation, audit);
}

void audit_sounds(std::span<const Sound> sounds, const Corpus& corpus, const Split& split,
                  Audit& audit) {
  if (sounds.empty()) return;
  std::unordered_set<std::string> held_out(split.validation.begin(), split.validation.end());
  held_out.insert(split.test.begin(), split.test.end());
  std::unordered_map<std::string, const Clip*> by_audio;
  for (const Clip& clip : corpus.clips) {
    if (held_out.contains(clip.id) && !clip.audio_hash.empty()) {
      by_audio.emplace(clip.audio_hash, &clip);
    }
  }
  Relation relation{"held-out-sound", "dataset", 0, false, {}};
  for (const Sound& sound : sounds) {
    const auto found = by_audio.find(sound.audio_hash);
    if (found != by_audio.end()) {
      relation.pairs.push_back(sound.path + " ~ " + found->second->id);
    }
  }
  add_if_any(relation, audit);
}

}  // namespace parlando::data
