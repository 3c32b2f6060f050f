#include "train/data/side_rows.h"

#include <utility>

#include "common/core/error.h"
#include "common/data/augmentation.h"

namespace parlando::train {
namespace {

const std::vector<std::string>& ids_of(const data::Split& split, data::Side side) {
  switch (side) {
    case data::Side::train:
      return split.train;
    case data::Side::validation:
      return split.validation;
    case data::Side::test:
      return split.test;
    case data::Side::dropped:
      break;
  }
  fail(ErrorKind::internal, "no rows are read of the side '{}'", data::side_name(side));
}

}  // namespace

SideRows find_side_rows(const data::Dataset& dataset, const data::Split& split, data::Side side,
                        bool with_variants) {
  std::unordered_map<std::string, std::size_t> row_of;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    if (dataset.rows()[i].augmentation.empty()) row_of.emplace(dataset.rows()[i].clip, i);
  }
  SideRows result;
  std::unordered_map<std::string, std::size_t> clip_of;
  for (const std::string& id : ids_of(split, side)) {
    const auto found = row_of.find(id);
    if (found == row_of.end()) {
      fail(ErrorKind::data,
           "clip {} of the split's {} side is not in the dataset; make split and dataset from one "
           "corpus",
           id, data::side_name(side));
    }
    clip_of.emplace(id, result.clips.size());
    result.clips.push_back(found->second);
  }
  if (side != data::Side::train || !with_variants) return result;
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const data::DatasetRow& row = dataset.rows()[i];
    const auto source = clip_of.find(row.source);
    if (row.augmentation.empty() || source == clip_of.end()) continue;
    data::Augmentation augmentation = data::augmentation_from_text(row.augmentation);
    if (augmentation.waveform.empty() != (row.frames == 0)) {
      fail(ErrorKind::artefact,
           "row {} has {} frames, which its augmentation {} contradicts; run 'parlando preprocess' "
           "again",
           row.clip, row.frames, row.augmentation);
    }
    SideRows::Variant& variant = result.variants.emplace_back();
    variant.dataset_row = i;
    variant.clip = source->second;
    variant.operations = std::move(augmentation.features);
    if (row.frames > 0) {
      variant.changed = result.changed.size();
      result.changed.push_back(i);
    }
  }
  return result;
}

}  // namespace parlando::train
