#include "tests/unit/sweep/made_up_sweep.h"

#include "tests/support/process.h"

namespace parlando::sweep {

MadeUpSweep::MadeUpSweep(const std::vector<std::string>& values,
                         const std::vector<std::uint64_t>& seeds, const std::string& more) {
  test::write_text(scratch_ / "data" / "manifest.json", "{}");
  test::write_text(scratch_ / "train.yaml", "name: small\nepochs: 9\n");
  std::string text = "method: grid\ntrain: " + (scratch_ / "train.yaml").string() +
                     "\ndata: " + (scratch_ / "data").string() +
                     "\nmetric: {name: validation_uar}\n" + more + "\nseeds: [";
  for (const std::uint64_t seed : seeds) text += std::to_string(seed) + ",";
  text += "]\nparameters: {batch_size: {values: [";
  for (const std::string& value : values) text += value + ",";
  test::write_text(scratch_ / "sweep.yaml", text + "]}}\n");
  sweep_ =
      create_sweep(load_sweep_config((scratch_ / "sweep.yaml").string(), {}), scratch_ / "out");
}

void MadeUpSweep::finish(int trial, double value) {
  write_rung_entry(sweep_, static_cast<int>(sweep_.plan.rungs.size()) - 1, {trial, value, 1}, 9);
  write_outcome(sweep_, trial,
                {.finished = true, .round = 1, .value = value, .epochs = 9, .error = ""});
}

void MadeUpSweep::fail(int trial, const std::string& error, int round) {
  write_outcome(sweep_, trial, {.finished = false, .round = round, .exit_code = 3, .error = error});
}

void MadeUpSweep::enter(int rung, int trial, double value, int round) {
  write_rung_entry(sweep_, rung, {trial, value, round},
                   sweep_.plan.rungs[static_cast<std::size_t>(rung)]);
}

std::string MadeUpSweep::read(const std::string& name) const {
  return test::read_text(sweep_.folder / name);
}

}  // namespace parlando::sweep
