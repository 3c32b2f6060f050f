#include "preprocess/verbs/scan/corpus_summary.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/data/scan.h"

namespace parlando::preprocess {
namespace {

constexpr double kSecondsPerHour = 3600;
/// Names of stereo clips that the table spells out; --json has them all.
constexpr std::size_t kStereoShown = 8;

/// Channels in manifest order, each once.
std::vector<std::string> channels(const data::Corpus& corpus) {
  std::vector<std::string> names;
  for (const data::Clip& clip : corpus.clips) {
    if (std::ranges::find(names, clip.channel) == names.end()) names.push_back(clip.channel);
  }
  return names;
}

using Counts = std::map<std::string, std::map<std::string, std::size_t>>;

Counts count_clips(const data::Corpus& corpus) {
  Counts counts;
  for (const data::Clip& clip : corpus.clips) ++counts[clip.label][clip.channel];
  return counts;
}

std::map<std::int64_t, std::size_t> sample_rates(const data::Corpus& corpus) {
  std::map<std::int64_t, std::size_t> rates;
  for (const data::Clip& clip : corpus.clips) ++rates[clip.sample_rate];
  return rates;
}

std::vector<std::string> stereo_clips(const data::Corpus& corpus) {
  std::vector<std::string> ids;
  for (const data::Clip& clip : corpus.clips) {
    if (clip.channels > 1) ids.push_back(clip.id);
  }
  return ids;
}

double total_hours(const data::Corpus& corpus) {
  double seconds = 0;
  for (const data::Clip& clip : corpus.clips) seconds += clip.seconds();
  return seconds / kSecondsPerHour;
}

std::string counts_table(const data::Corpus& corpus) {
  const std::vector<std::string> columns = channels(corpus);
  Counts counts = count_clips(corpus);
  std::string text = fmt::format("{:<12}", "emotion");
  for (const std::string& channel : columns) {
    text += fmt::format("{:>8}", channel.empty() ? "clips" : channel);
  }
  text += fmt::format("{:>8}\n", "total");
  std::map<std::string, std::size_t> sums;
  for (const std::string& label : corpus.classes) {
    text += fmt::format("{:<12}", label);
    std::size_t total = 0;
    for (const std::string& channel : columns) {
      const std::size_t count = counts[label][channel];
      text += fmt::format("{:>8}", count);
      sums[channel] += count;
      total += count;
    }
    text += fmt::format("{:>8}\n", total);
  }
  text += fmt::format("{:<12}", "total");
  for (const std::string& channel : columns) text += fmt::format("{:>8}", sums[channel]);
  text += fmt::format("{:>8}\n", corpus.clips.size());
  return text;
}

std::string list(const std::string& title, const std::vector<std::string>& lines) {
  std::string text = fmt::format("{:<12}{}\n", title, lines.size());
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

}  // namespace

std::string corpus_table(const data::Corpus& corpus) {
  std::string text =
      fmt::format("{:<12}{}{}\n{:<12}{}\n{:<12}{}\n\n", "corpus", corpus.name,
                  corpus.synthetic ? " (made up: figures on it say nothing about people)" : "",
                  "folder", corpus.root.string(), "hash", corpus.hash());
  text += counts_table(corpus) + "\n";
  const auto [shortest, longest] =
      std::ranges::minmax(corpus.clips, {}, [](const data::Clip& clip) { return clip.seconds(); });
  text += fmt::format("{:<12}{}\n", "speakers", data::speakers(corpus).size());
  text +=
      fmt::format("{:<12}{} clips of {:.2f} to {:.2f} s, {:.2f} h\n", "audio", corpus.clips.size(),
                  shortest.seconds(), longest.seconds(), total_hours(corpus));
  std::vector<std::string> rates;
  for (const auto& [rate, count] : sample_rates(corpus)) {
    rates.push_back(fmt::format("{} Hz x {}", rate, count));
  }
  text += fmt::format("{:<12}{}\n", "rates", join_text(rates, ", "));
  std::vector<std::string> stereo = stereo_clips(corpus);
  text += fmt::format("{:<12}{}", "stereo", stereo.size());
  const bool more = stereo.size() > kStereoShown;
  if (more) stereo.resize(kStereoShown);
  text += (stereo.empty() ? "" : ": ") + join_text(stereo, ", ") + (more ? ", ...\n" : "\n");
  std::vector<std::string> left_out;
  for (const auto& [label, count] : corpus.left_out) {
    left_out.push_back(fmt::format("{} ({})", label, count));
  }
  if (!left_out.empty()) text += fmt::format("{:<12}{}\n", "left out", join_text(left_out, ", "));
  text += list("warnings", data::corpus_warnings(corpus));
  std::vector<std::string> defects;
  for (const data::Defect& defect : corpus.defects) {
    defects.push_back(defect.path + ": " + defect.reason);
  }
  return text + list("defects", defects);
}

Json corpus_summary(const data::Corpus& corpus) {
  Json counts = Json::object();
  Counts counted = count_clips(corpus);
  for (const std::string& label : corpus.classes) counts[label] = counted[label];
  Json rates = Json::object();
  for (const auto& [rate, count] : sample_rates(corpus)) rates[std::to_string(rate)] = count;
  Json duplicates = Json::array();
  for (const std::vector<std::size_t>& group : corpus.duplicates()) {
    Json ids = Json::array();
    for (const std::size_t i : group) ids.push_back(corpus.clips[i].id);
    duplicates.push_back(std::move(ids));
  }
  Json defects = Json::array();
  for (const data::Defect& defect : corpus.defects) {
    defects.push_back({{"path", defect.path}, {"reason", defect.reason}});
  }
  const auto [shortest, longest] =
      std::ranges::minmax(corpus.clips, {}, [](const data::Clip& clip) { return clip.seconds(); });
  return {{"name", corpus.name},
          {"synthetic", corpus.synthetic},
          {"root", corpus.root.string()},
          {"hash", corpus.hash()},
          {"clips", corpus.clips.size()},
          {"speakers", data::speakers(corpus).size()},
          {"hours", total_hours(corpus)},
          {"counts", counts},
          {"left_out", corpus.left_out},
          {"sample_rates", rates},
          {"seconds", {{"min", shortest.seconds()}, {"max", longest.seconds()}}},
          {"stereo", stereo_clips(corpus)},
          {"duplicates", duplicates},
          {"warnings", data::corpus_warnings(corpus)},
          {"defects", defects}};
}

}  // namespace parlando::preprocess
