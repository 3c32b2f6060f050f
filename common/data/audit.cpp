#include "common/data/audit.h"

#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "common/core/error.h"
#include "common/core/text.h"

namespace parlando::data {
namespace {

/// A corpus of thousands of equal clips, all silent for instance, must not list millions of pairs.
constexpr std::size_t kListedCopies = 8;

/// A way of being related: clips of equal key, unless `unrelated` says otherwise.
struct RelationRule {
  const char* name;
  std::function<std::string(const Clip&)> key;  ///< "" = no relatives
  std::function<bool(const Clip&, const Clip&)> unrelated;
  std::size_t listed;  ///< relatives on the left named for each clip
};

const std::array<RelationRule, 4>& rules() {
  static const auto never = [](const Clip&, const Clip&) { return false; };
  static const auto same_clip = [](const Clip& a, const Clip& b) { return a.id == b.id; };
  static const auto same_repetition = [](const Clip& a, const Clip& b) {
    return a.repetition == b.repetition;
  };
  static const std::array<RelationRule, 4> all{
      {{"shared-speaker", [](const Clip& clip) { return clip.speaker; }, never, 1},
       {"repetition-pair", utterance_of, same_repetition, kListedCopies},
       {"same-take", take_of, same_clip, kListedCopies},
       {"identical-audio", [](const Clip& clip) { return clip.audio_hash; }, same_clip,
        kListedCopies}}};
  return all;
}

/// One side: its ids as the split lists them, and the clips of the corpus among them.
struct SideClips {
  const char* name;
  const std::vector<std::string>* ids;
  std::vector<const Clip*> clips;
};

using Tolerated = std::unordered_set<std::string>;

Relation find_relation(const RelationRule& rule, const SideClips& left, const SideClips& right,
                       const Tolerated& tolerated) {
  Relation relation;
  relation.name = rule.name;
  relation.sides = std::string(left.name) + "/" + right.name;
  relation.tolerated = tolerated.contains(rule.name);
  std::unordered_map<std::string, std::vector<const Clip*>> by_key;
  for (const Clip* clip : left.clips) {
    std::string key = rule.key(*clip);
    if (!key.empty()) by_key[std::move(key)].push_back(clip);
  }
  for (const Clip* clip : right.clips) {
    const auto relatives = by_key.find(rule.key(*clip));
    if (relatives == by_key.end()) continue;
    std::size_t related = 0;
    for (const Clip* relative : relatives->second) {
      if (rule.unrelated(*relative, *clip)) continue;
      ++related;
      if (relation.tolerated) break;
      relation.pairs.push_back(relative->id + " ~ " + clip->id);
      if (related == rule.listed) break;
    }
    if (related > 0) ++relation.count;
  }
  return relation;
}

Relation find_same_clip(const SideClips& left, const SideClips& right) {
  Relation relation{"same-clip", std::string(left.name) + "/" + right.name, 0, false, {}};
  const std::unordered_set<std::string> ids(left.ids->begin(), left.ids->end());
  for (const std::string& id : *right.ids) {
    if (ids.contains(id)) relation.pairs.push_back(fmt::format("{} ~ {}", id, id));
  }
  relation.count = relation.pairs.size();
  return relation;
}

Relation find_repeated(const SideClips& side) {
  Relation relation{"same-clip", std::string(side.name) + "/" + side.name, 0, false, {}};
  std::unordered_set<std::string> seen;
  for (const std::string& id : *side.ids) {
    if (!seen.insert(id).second) relation.pairs.push_back(fmt::format("{} ~ {}", id, id));
  }
  relation.count = relation.pairs.size();
  return relation;
}

/// Fills in the clips of a side; the ids that the corpus lacks are the relation.
Relation resolve(SideClips& side, const std::unordered_map<std::string, const Clip*>& by_id) {
  Relation relation{"not-in-corpus", side.name, 0, false, {}};
  for (const std::string& id : *side.ids) {
    const auto found = by_id.find(id);
    if (found == by_id.end()) {
      relation.pairs.push_back(id);
    } else {
      side.clips.push_back(found->second);
    }
  }
  relation.count = relation.pairs.size();
  return relation;
}

/// Clips of the corpus that the split neither puts on a side nor drops.
Relation find_unnamed(const Corpus& corpus, const Split& split) {
  Relation relation{"not-in-split", "corpus", 0, false, {}};
  std::unordered_set<std::string> named;
  for (const auto* side : {&split.train, &split.validation, &split.test}) {
    named.insert(side->begin(), side->end());
  }
  for (const DroppedClip& clip : split.dropped) named.insert(clip.id);
  for (const Clip& clip : corpus.clips) {
    if (!named.contains(clip.id)) relation.pairs.push_back(clip.id);
  }
  relation.count = relation.pairs.size();
  return relation;
}

Relation find_other_classes(const Corpus& corpus, const Split& split) {
  Relation relation{"other-classes", "corpus", 0, false, {}};
  if (split.classes.empty() || split.classes == corpus.classes) return relation;
  relation.pairs.push_back(join_text(split.classes, ", ") + " ~ " +
                           join_text(corpus.classes, ", "));
  relation.count = 1;
  return relation;
}

}  // namespace

bool Audit::clean() const {
  return std::ranges::all_of(relations, [](const Relation& relation) {
    return relation.tolerated || relation.count == 0;
  });
}

std::vector<std::string> tolerated_relations(const Split& split) {
  const std::string& scheme = split.config.scheme;
  if (scheme == "stratified" || scheme == "kfold") return {"shared-speaker", "repetition-pair"};
  if (scheme == "stratified-pairs" || scheme == "kfold-pairs") return {"shared-speaker"};
  if (scheme == kImportedScheme) return split.tolerates;
  return {};
}

void check_tolerable(const std::vector<std::string>& relations) {
  for (const std::string& name : relations) {
    if (name == "shared-speaker" || name == "repetition-pair") continue;
    fail(ErrorKind::usage,
         "relation '{}' can't be tolerated; a split may declare shared-speaker and repetition-pair",
         name);
  }
}

Audit audit_split(const Corpus& corpus, const Split& split) {
  std::unordered_map<std::string, const Clip*> by_id;
  for (const Clip& clip : corpus.clips) by_id.emplace(clip.id, &clip);
  const std::vector<std::string> names = tolerated_relations(split);
  const Tolerated tolerated(names.begin(), names.end());
  SideClips train{side_name(Side::train), &split.train, {}};
  SideClips validation{side_name(Side::validation), &split.validation, {}};
  SideClips test{side_name(Side::test), &split.test, {}};

  Audit audit;
  std::vector<Relation> broken;
  for (SideClips* side : {&train, &validation, &test}) {
    broken.push_back(resolve(*side, by_id));
    broken.push_back(find_repeated(*side));
  }
  const std::pair<const SideClips*, const SideClips*> pairs[]{
      {&train, &test}, {&train, &validation}, {&validation, &test}};
  for (const auto& [left, right] : pairs) {
    for (const RelationRule& rule : rules()) {
      audit.relations.push_back(find_relation(rule, *left, *right, tolerated));
    }
    audit.relations.push_back(find_same_clip(*left, *right));
  }
  broken.push_back(find_unnamed(corpus, split));
  broken.push_back(find_other_classes(corpus, split));
  for (Relation& relation : broken) {
    if (relation.count > 0) audit.relations.push_back(std::move(relation));
  }
  return audit;
}

Json audit_to_json(const Audit& audit) {
  Json relations = Json::array();
  for (const Relation& relation : audit.relations) {
    relations.push_back({{"name", relation.name},
                         {"sides", relation.sides},
                         {"count", relation.count},
                         {"tolerated", relation.tolerated},
                         {"pairs", relation.pairs}});
  }
  return {{"clean", audit.clean()}, {"relations", relations}};
}

}  // namespace parlando::data
