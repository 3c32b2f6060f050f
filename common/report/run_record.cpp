#include "common/report/run_record.h"

#include <algorithm>

namespace parlando::report {

const SideRelation* RunRecord::relation(const std::string& relation_name,
                                        const std::string& sides) const {
  const auto found = std::find_if(relations.begin(), relations.end(), [&](const SideRelation& r) {
    return r.name == relation_name && r.sides == sides;
  });
  return found == relations.end() ? nullptr : &*found;
}

std::vector<SideRelation> RunRecord::leaks() const {
  std::vector<SideRelation> found;
  std::copy_if(relations.begin(), relations.end(), std::back_inserter(found),
               [](const SideRelation& r) { return r.count > 0 && !r.tolerated; });
  return found;
}

const Epoch* RunRecord::best() const {
  const auto found = std::find_if(epochs.begin(), epochs.end(),
                                  [&](const Epoch& e) { return e.epoch == best_epoch; });
  return found == epochs.end() ? nullptr : &*found;
}

}  // namespace parlando::report
