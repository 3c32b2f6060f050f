#include "train/verbs/job_checks.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/core/text.h"
#include "common/dist/gather.h"
#include "common/io/json.h"

namespace parlando::train {
namespace {

// File times decide after hours whether a file was abandoned; logs are read side by side.
constexpr std::int64_t kClockWarningMs = 2'000;
constexpr std::int64_t kClockLimitMs = 300'000;

constexpr const char* kGroup = "job";

std::string facts_text(const RankFacts& f) {
  return Json{{"node", f.node},         {"versions", f.versions}, {"processor", f.processor},
              {"has_cuda", f.has_cuda}, {"gpus", f.gpus},         {"cores", f.cores},
              {"threads", f.threads},   {"clock_ms", f.clock_ms}}
      .dump();
}

RankFacts parse_facts(const std::string& text) {
  const std::string source = "the facts of a rank";
  const Json json = parse_json(text, source);
  return {.node = json_get<std::string>(json, "node", source),
          .versions = json_get<std::map<std::string, std::string>>(json, "versions", source),
          .processor = json_get<std::string>(json, "processor", source),
          .has_cuda = json_get<bool>(json, "has_cuda", source),
          .gpus = json_get<std::int64_t>(json, "gpus", source),
          .cores = json_get<std::int64_t>(json, "cores", source),
          .threads = json_get<std::int64_t>(json, "threads", source),
          .clock_ms = json_get<std::int64_t>(json, "clock_ms", source)};
}

std::map<std::string, std::vector<const RankFacts*>> by_node(const std::vector<RankFacts>& ranks) {
  std::map<std::string, std::vector<const RankFacts*>> nodes;
  for (const RankFacts& rank : ranks) nodes[rank.node].push_back(&rank);
  return nodes;
}

/// A check that is good where no node has a complaint.
Check node_check(const std::string& name, const std::string& good_value,
                 const std::vector<std::string>& complaints, Verdict otherwise,
                 const std::string& advice) {
  if (complaints.empty()) return {kGroup, name, good_value, Verdict::good};
  return {kGroup, name, join_text(complaints, "; "), otherwise, advice};
}

Check gpu_check(const std::vector<RankFacts>& ranks) {
  std::vector<std::string> complaints;
  std::int64_t gpus = 0;
  for (const auto& [node, tasks] : by_node(ranks)) {
    const std::int64_t here = tasks.front()->gpus;
    gpus += here;
    if (here > 0 && here != std::ssize(tasks))
      complaints.push_back(
          fmt::format("{} has {} task(s) for {} GPU(s)", node, tasks.size(), here));
  }
  if (gpus == 0 && complaints.empty()) return {kGroup, "GPUs", "none asked for"};
  return node_check("GPUs", fmt::format("{}, one for each task", gpus), complaints, Verdict::bad,
                    "ask for one task a GPU: --ntasks-per-node=N --gpus-per-node=N");
}

Check cuda_check(const std::vector<RankFacts>& ranks) {
  const bool useless =
      std::ranges::any_of(ranks, [](const RankFacts& r) { return r.gpus > 0 && !r.has_cuda; });
  if (!useless) return {kGroup, "CUDA", "as asked for", Verdict::good};
  return {kGroup, "CUDA", "GPUs are asked for, and this build cannot use them", Verdict::warning,
          "build the 'cuda' preset, or ask for no GPUs"};
}

Check core_check(const std::vector<RankFacts>& ranks) {
  std::vector<std::string> complaints;
  for (const auto& [node, tasks] : by_node(ranks)) {
    if (tasks.front()->threads > tasks.front()->cores)
      complaints.push_back(fmt::format("{}: {} threads a task on {} cores", node,
                                       tasks.front()->threads, tasks.front()->cores));
  }
  return node_check("cores", "enough for the threads", complaints, Verdict::warning,
                    "give srun --cpus-per-task=N, which it does not take from sbatch");
}

Check clock_check(const std::vector<RankFacts>& ranks) {
  const auto early = std::ranges::min_element(ranks, {}, &RankFacts::clock_ms);
  const auto late = std::ranges::max_element(ranks, {}, &RankFacts::clock_ms);
  const std::int64_t apart = late->clock_ms - early->clock_ms;
  const std::string value = fmt::format("{:.1f} s apart", static_cast<double>(apart) / 1000);
  if (apart <= kClockWarningMs) return {kGroup, "clocks", value, Verdict::good};
  return {kGroup, "clocks", fmt::format("{}: {} is behind {}", value, early->node, late->node),
          apart > kClockLimitMs ? Verdict::bad : Verdict::warning,
          "have the nodes' clocks set (chrony, ntpd)"};
}

/// Whether a text is the same on all ranks; else which node has what.
Check same_check(const std::string& name, const std::vector<RankFacts>& ranks,
                 const std::function<std::string(const RankFacts&)>& text, Verdict otherwise,
                 const std::string& advice) {
  std::map<std::string, std::vector<std::string>> nodes;
  for (const auto& [node, tasks] : by_node(ranks)) {
    for (const RankFacts* task : tasks) {
      std::vector<std::string>& found = nodes[text(*task)];
      if (found.empty() || found.back() != node) found.push_back(node);
    }
  }
  std::vector<std::string> complaints;
  if (nodes.size() > 1) {
    for (const auto& [value, names] : nodes)
      complaints.push_back(fmt::format("{} on {}", value, join_text(names, ", ")));
  }
  return node_check(name, nodes.begin()->first, complaints, otherwise, advice);
}

}  // namespace

std::vector<RankFacts> gather_facts(dist::Communicator& communicator, RankFacts own) {
  communicator.barrier();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  own.clock_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  std::vector<RankFacts> ranks;
  for (const std::string& text : dist::gather_texts(communicator, facts_text(own)))
    ranks.push_back(parse_facts(text));
  return ranks;
}

std::vector<Check> judge_job(const std::vector<RankFacts>& ranks) {
  std::vector<Check> checks{
      {kGroup, "ranks", fmt::format("{} on {} node(s)", ranks.size(), by_node(ranks).size())},
      gpu_check(ranks),
      cuda_check(ranks),
      core_check(ranks),
      clock_check(ranks)};
  for (const auto& [name, version] : ranks.front().versions) {
    checks.push_back(same_check(
        name, ranks,
        [&name = name](const RankFacts& rank) {
          const auto found = rank.versions.find(name);
          return found == rank.versions.end() ? std::string("none") : found->second;
        },
        Verdict::bad, "give all nodes the same programs: one shared folder, or one container"));
  }
  checks.push_back(same_check(
      "processor", ranks, [](const RankFacts& rank) { return rank.processor; }, Verdict::warning,
      "bits may differ from those on other nodes; ask for one kind with --constraint"));
  return checks;
}

}  // namespace parlando::train
