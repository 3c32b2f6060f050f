#include "preprocess/pipeline/corpus_input.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <tbb/parallel_for.h>

#include "common/core/error.h"
#include "common/core/log.h"
#include "common/data/audit.h"
#include "common/data/dataset_manifest.h"
#include "common/data/scan.h"
#include "common/io/json.h"
#include "preprocess/pipeline/clip_loader.h"

namespace parlando::preprocess {
namespace {

std::optional<data::Corpus> cached_corpus(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return std::nullopt;
  try {
    return data::read_corpus(path);
  } catch (const Error&) {
    return std::nullopt;  // a cache only: the clips are scanned again
  }
}

bool same_files(const data::Corpus& a, const data::Corpus& b) {
  return a.root == b.root && a.hash() == b.hash() &&
         std::equal(a.clips.begin(), a.clips.end(), b.clips.begin(), b.clips.end(),
                    [](const data::Clip& left, const data::Clip& right) {
                      return left.path == right.path && left.file_bytes == right.file_bytes &&
                             left.modified_ns == right.modified_ns;
                    });
}

/// A corpus manifest may be older than the files that it names.
void require_unchanged(const data::Corpus& corpus, const std::filesystem::path& manifest) {
  std::vector<std::string> reasons(corpus.clips.size());
  tbb::parallel_for(std::size_t{0}, corpus.clips.size(), [&](std::size_t i) {
    try {
      check_clip(corpus.root, corpus.clips[i]);
    } catch (const Error& error) {
      reasons[i] = error.what();
    }
  });
  std::size_t changed = 0;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons[i].empty()) continue;
    ++changed;
    log_error("{}: {}", corpus.clips[i].path, reasons[i]);
  }
  if (changed > 0) {
    fail(ErrorKind::data,
         "{}: {} clips (named above) are not what was scanned; run 'parlando scan' again, or "
         "give the folder {}",
         manifest.string(), changed, corpus.root.string());
  }
}

void require_clean(const data::Corpus& corpus, const data::Split& split) {
  const data::Audit audit = data::audit_split(corpus, split);
  if (audit.clean()) return;
  std::string leaks;
  for (const data::Relation& relation : audit.relations) {
    if (relation.tolerated || relation.count == 0) continue;
    leaks += fmt::format("{}{} {} ({})", leaks.empty() ? "" : ", ", relation.count, relation.name,
                         relation.sides);
  }
  fail(ErrorKind::data, "the split leaks: {}; 'parlando audit' lists the pairs", leaks);
}

}  // namespace

CorpusInput load_corpus_input(const PreprocessJob& job) {
  CorpusInput input;
  const std::optional<data::Corpus> cache = cached_corpus(job.out / data::kCorpusFile);
  data::ScanOptions options;
  options.threads = job.threads;
  options.cache = cache ? &*cache : nullptr;
  options.labels = {job.config.layout, job.config.classes};
  input.corpus = data::load_or_scan(job.corpus, options);
  if (data::is_corpus_manifest(job.corpus)) require_unchanged(input.corpus, job.corpus);
  for (const std::string& warning : data::corpus_warnings(input.corpus)) log_warning("{}", warning);
  input.cache_differs = !cache || !same_files(*cache, input.corpus);
  if (job.split_file.empty()) {
    input.split = data::make_split(input.corpus, job.config.split);
  } else {
    input.split = data::split_from_json(read_json(job.split_file), job.split_file.string());
    data::check_split(input.split, input.corpus);
  }
  require_clean(input.corpus, input.split);
  return input;
}

}  // namespace parlando::preprocess
