#include "experiments/sweep/work/curve.h"

#include <algorithm>
#include <limits>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/io/atomic_file.h"
#include "common/io/json.h"

namespace parlando::sweep {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::int64_t Curve::kept_at(std::int64_t epoch) const {
  for (std::int64_t i = std::min(epoch, epochs()); i > 0; --i) {
    if (kept[static_cast<std::size_t>(i - 1)]) return i;
  }
  return 0;
}

double Curve::value_at(std::int64_t epoch) const {
  const std::int64_t from = kept_at(epoch);
  return from == 0 ? kNone : values[static_cast<std::size_t>(from - 1)];
}

Curve read_curve(const std::filesystem::path& run, const std::string& metric) {
  Curve curve;
  const std::filesystem::path path = run / "metrics.jsonl";
  if (!std::filesystem::exists(path)) return curve;
  const std::vector<std::string> lines = split_text(read_file(path), '\n');
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const bool cut = i + 1 == lines.size() && !Json::accept(lines[i]);
    if (lines[i].empty() || cut) continue;
    const std::string source = fmt::format("{}:{}", path.string(), i + 1);
    const Json line = parse_json(lines[i], source);
    const Json value = json_get<Json>(line, metric, source);
    curve.values.push_back(value.is_number() ? value.get<double>() : kNone);
    curve.kept.push_back(json_get<bool>(line, "best", source));
    curve.seconds += json_get<double>(line, "seconds", source);
  }
  return curve;
}

Curve curve_or_none(const std::filesystem::path& run, const std::string& metric) {
  try {
    return read_curve(run, metric);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace parlando::sweep
