#include "common/report/run_record.h"

#include <algorithm>
#include <iterator>
#include <map>

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

std::vector<Dropped> RunRecord::dropped_for_people() const {
  constexpr std::size_t kMostNamed = 12;
  std::map<std::string, std::size_t> counts;
  for (const Dropped& clip : dropped) ++counts[clip.reason];
  std::vector<Dropped> shown;
  for (const Dropped& clip : dropped) {
    std::size_t& count = counts[clip.reason];
    if (count == 0) continue;  // said already
    if (count <= kMostNamed) {
      shown.push_back(clip);
    } else {
      shown.push_back({std::to_string(count) + " clips", clip.reason});
      count = 0;
    }
  }
  return shown;
}

const Epoch* RunRecord::best() const {
  const auto found = std::find_if(epochs.begin(), epochs.end(),
                                  [&](const Epoch& e) { return e.epoch == best_epoch; });
  return found == epochs.end() ? nullptr : &*found;
}

}  // namespace parlando::report
