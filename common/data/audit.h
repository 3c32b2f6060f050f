#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/data/split.h"

namespace parlando::data {

/// One way in which two sides of a split know each other.
struct Relation {
  std::string name;   ///< "shared-speaker", "repetition-pair", "same-take", "identical-audio",
                      ///< "same-clip"; "not-in-corpus" for clips that only the split names,
                      ///< "not-in-split" for those that only the corpus has, "other-classes"
  std::string sides;  ///< "train/test", "train/validation" or "validation/test"; a side alone for
                      ///< "not-in-corpus", "train/train" and the like for a clip listed twice,
                      ///< "corpus" for what concerns no side
  std::size_t count = 0;  ///< clips of the right-hand side that have such a relative on the left
  bool tolerated = false;
  std::vector<std::string> pairs;  ///< "left ~ right" for those not tolerated
};

struct Audit {
  std::vector<Relation> relations;
  bool clean() const;  ///< every relation that occurs is tolerated
};

/// Relations that a protocol declares as tolerated: `stratified` and `kfold` shared-speaker and
/// repetition-pair, their -pairs schemes shared-speaker, an imported split what it lists, all
/// others none.
std::vector<std::string> tolerated_relations(const Split& split);

/// Throws Error(usage) if one of the relations can't be declared: only shared-speaker and
/// repetition-pair can.
void check_tolerable(const std::vector<std::string>& relations);

/// Looks for every relation between each two sides; nothing is taken from the way the split was
/// made.
Audit audit_split(const Corpus& corpus, const Split& split);

/// {"clean":bool,"relations":[{"name","sides","count","tolerated","pairs":[..]}]}.
Json audit_to_json(const Audit& audit);

}  // namespace parlando::data
