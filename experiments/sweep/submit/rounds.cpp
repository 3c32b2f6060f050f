#include "experiments/sweep/submit/rounds.h"

#include "common/core/error.h"
#include "common/io/json.h"

namespace parlando::sweep {
namespace {

constexpr const char* kElements = "elements";
constexpr const char* kCollector = "collector";

SubmittedRound parse(const Json& json, int number, const std::string& source) {
  SubmittedRound round{.round = number, .elements = {}, .jobs = {}};
  round.elements = json_get<std::vector<std::vector<int>>>(json, kElements, source);
  for (const Json& job : json_get<Json>(json, "jobs", source)) {
    round.jobs.push_back({json_get<std::string>(job, "id", source),
                          json_get<int>(job, "first", source),
                          json_get<int>(job, "count", source)});
  }
  if (json.contains(kCollector)) round.collector = json_get<std::string>(json, kCollector, source);
  return round;
}

}  // namespace

void write_round(const Sweep& sweep, const SubmittedRound& round) {
  const std::filesystem::path path = round_file(sweep, round.round);
  Json json = read_json(path);
  json[kElements] = round.elements;
  json["jobs"] = Json::array();
  for (const SubmittedRound::ArrayJob& job : round.jobs)
    json["jobs"].push_back({{"id", job.id}, {"first", job.first}, {"count", job.count}});
  if (!round.collector.empty()) json[kCollector] = round.collector;
  write_json(path, json);
}

SubmittedRound read_round(const Sweep& sweep, int round) {
  const std::filesystem::path path = round_file(sweep, round);
  return parse(read_json(path), round, path.string());
}

std::vector<SubmittedRound> submitted_rounds(const Sweep& sweep) {
  std::vector<SubmittedRound> rounds;
  for (int number = 1; std::filesystem::exists(round_file(sweep, number)); ++number) {
    const std::filesystem::path path = round_file(sweep, number);
    const Json json = read_json(path);
    if (json.contains(kElements)) rounds.push_back(parse(json, number, path.string()));
  }
  return rounds;
}

}  // namespace parlando::sweep
