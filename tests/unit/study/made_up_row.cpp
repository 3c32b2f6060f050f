#include "tests/unit/study/made_up_row.h"

#include <limits>

namespace parlando::report {

StudyRow made_up_row() {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  StudyRow row;
  row.study = "parts";
  row.row = "no-lstm";
  row.seed = 3;
  row.fold = 2;
  row.leaks = {"validation-is-test"};
  row.figures = {0.75, 0.7, 0.69, 0.74};
  row.validation = {0.8, 0.75, 0.7, 0.79};
  row.validation_loss = 0.625;
  row.n_train = 100;
  row.n_validation = 12;
  row.n_test = 4;
  row.classes = {"calm", "sad"};
  row.confusion = metrics::ConfusionMatrix(2);
  row.confusion.add(0, 0, 2);
  row.confusion.add(1, 0);
  row.confusion.add(1, 1);
  row.breakdowns = {{"channel", {{"speech", 4, 0.75, 0.7}}}};
  row.support = {{"01", {2, 1}}, {"02", {0, 1}}};
  row.errors = {{"clip-3", "02", 1, 0, 0.87654321}};
  row.calibration = {.bins = {{4, 0.8, 0.75}}, .ece = 0.05, .brier = 0.3, .nll = 0.6};
  row.curve = {{1, 2}, {1.5, 1.25}, {1.25, kNone}, {0.5, 0.75}, {0.5, 0.125}};
  row.epochs = 2;
  row.best_epoch = 1;
  row.seconds = 12.5;
  row.samples_per_second = 480;
  row.parameters = 267968;
  row.robustness = {{"noise 10 dB", 0.5, 0.375}};
  row.made_by = {.command = "parlando study run --only no-lstm/3/2",
                 .train_key = "t1",
                 .data_key = "d1",
                 .config_hash = "c",
                 .data_hash = "d",
                 .split_hash = "s",
                 .corpus_hash = "k",
                 .version = "1.2.3",
                 .libtorch = "2.11.0",
                 .processor = "a processor"};
  return row;
}

}  // namespace parlando::report
