#include "common/report/study/study_csv.h"

#include <cmath>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/metrics/reliability.h"
#include "common/report/escape.h"
#include "common/report/study/study_summaries.h"
#include "common/report/study/study_words.h"

namespace parlando::report {
namespace {

std::string number(double value) {
  return std::isfinite(value) ? fmt::format("{:.6g}", value) : "";
}

std::string interval(const metrics::Figure& figure) {
  return number(figure.low) + "," + number(figure.high);
}

/// The first two columns of every table: "row,leaks".
std::string row_fields(const StudyEntry& entry) {
  return escape_csv(entry.id) + "," + escape_csv(join_text(entry.leaks, " "));
}

std::string run_fields(const StudyEntry& entry, const StudyRow& run) {
  return fmt::format("{},{},{}", row_fields(entry), run.seed,
                     run.fold ? std::to_string(*run.fold) : "");
}

}  // namespace

std::string results_csv(const StudyRecord& study, const StudyAnalysis& analysis) {
  std::string text = "row,leaks,title,permuted_labels,runs,runs_expected,seeds";
  for (const Measure& measure : kMeasures)
    text += fmt::format(",{0}_mean,{0}_sd,{0}_low,{0}_high", measure.key);
  text += "\n";
  const metrics::Figure unknown{NAN, NAN, NAN};
  for (std::size_t i = 0; i < study.entries.size(); ++i) {
    const StudyEntry& entry = study.entries[i];
    const EntrySummary& summary = analysis.summaries[i];
    text += fmt::format("{},{},{},{},{},{}", row_fields(entry), escape_csv(entry.title),
                        entry.permuted_labels ? 1 : 0, entry.runs.size(), entry.expected(),
                        entry.seeds());
    for (std::size_t k = 0; k < kMeasures.size(); ++k) {
      const metrics::Figure figure =
          summary.by_speaker ? *summary.by_speaker.*kMeasures[k].of_bootstrap : unknown;
      text += fmt::format(",{},{},{}", number(summary.figures[k].mean),
                          number(summary.figures[k].sd), interval(figure));
    }
    text += "\n";
  }
  return text;
}

std::string differences_csv(const StudyRecord& study, const StudyAnalysis& analysis) {
  std::string text =
      "row,leaks,figure,pairs,difference,sd,low,high,speaker_low,speaker_high,t,p,p_holm,"
      "detectable_alone,detectable_holm,shown,conclusion\n";
  for (const Comparison& comparison : analysis.comparisons) {
    const metrics::PairedTest& test = comparison.test;
    text += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n",
                        row_fields(study.entries[comparison.entry]),
                        kMeasures[comparison.measure].key, test.pairs, number(test.mean),
                        number(test.sd), number(test.low), number(test.high),
                        interval(comparison.by_speaker.value_or(metrics::Figure{NAN, NAN, NAN})),
                        number(test.t), number(test.p), number(comparison.p_adjusted),
                        number(comparison.detectable_alone), number(comparison.detectable),
                        comparison.shown() ? 1 : 0, escape_csv(conclusion(comparison)));
  }
  return text;
}

std::string runs_csv(const StudyRecord& study) {
  std::string text =
      "row,leaks,seed,fold,accuracy,uar,macro_f1,weighted_f1,validation_accuracy,validation_uar,"
      "n_train,n_validation,n_test,epochs,best_epoch,seconds,parameters,ece,brier,nll,config_hash,"
      "data_hash,split_hash,version,command\n";
  for (const StudyEntry& entry : study.entries) {
    for (const StudyRow& run : entry.runs) {
      text += run_fields(entry, run);
      for (const Measure& measure : kMeasures) {
        text += fmt::format(",{}", number(run.figures.*measure.of_run));
      }
      text += fmt::format(",{},{},{},{},{},{},{},{},{},{},{},{}", number(run.validation.accuracy),
                          number(run.validation.uar), run.n_train, run.n_validation, run.n_test,
                          run.epochs, run.best_epoch, number(run.seconds), run.parameters,
                          number(run.calibration.ece), number(run.calibration.brier),
                          number(run.calibration.nll));
      text += fmt::format(",{},{},{},{},{}\n", escape_csv(run.made_by.config_hash),
                          escape_csv(run.made_by.data_hash), escape_csv(run.made_by.split_hash),
                          escape_csv(run.made_by.version), escape_csv(run.made_by.command));
    }
  }
  return text;
}

std::string classes_csv(const StudyRecord& study) {
  std::string text = "row,leaks,class,clips_a_run,precision,recall,f1,f1_sd,f1_low,f1_high\n";
  for (const StudyEntry& entry : study.entries) {
    for (const ClassOverRuns& of : classes_over_runs(entry)) {
      text += fmt::format("{},{},{},{},{},{},{},{},{}\n", row_fields(entry), escape_csv(of.name),
                          number(of.clips), number(of.precision.middle), number(of.recall.middle),
                          number(of.f1.middle), number(of.f1_sd), number(of.f1.low),
                          number(of.f1.high));
    }
  }
  return text;
}

std::string groups_csv(const StudyRecord& study) {
  std::string text = "row,leaks,kind,group,clips_a_run,accuracy,accuracy_low,accuracy_high,uar\n";
  for (const StudyEntry& entry : study.entries) {
    for (const GroupOverRuns& group : groups_over_runs(entry)) {
      text += fmt::format("{},{},{},{},{},{},{},{}\n", row_fields(entry), escape_csv(group.kind),
                          escape_csv(group.name), number(group.clips),
                          number(group.accuracy.middle), number(group.accuracy.low),
                          number(group.accuracy.high), number(group.uar.middle));
    }
  }
  return text;
}

std::string clips_csv(const StudyRecord& study) {
  std::string text = "row,leaks,clip,true,wrong_in_runs,runs,taken_for,times,confidence\n";
  for (const StudyEntry& entry : study.entries) {
    for (const ConfusedClip& clip : confused_clips(entry)) {
      for (const auto& [name, times] : clip.taken) {
        text += fmt::format("{},{},{},{},{},{},{},{}\n", row_fields(entry), escape_csv(clip.clip),
                            escape_csv(clip.truth), clip.wrong, entry.runs.size(), escape_csv(name),
                            times, number(clip.confidence));
      }
    }
  }
  return text;
}

std::string conditions_csv(const StudyRecord& study) {
  std::string text = "row,leaks,seed,fold,condition,accuracy,uar\n";
  for (const StudyEntry& entry : study.entries) {
    for (const StudyRow& run : entry.runs) {
      for (const StudyCondition& condition : run.robustness) {
        text +=
            fmt::format("{},{},{},{}\n", run_fields(entry, run), escape_csv(condition.condition),
                        number(condition.accuracy), number(condition.uar));
      }
    }
  }
  return text;
}

std::string confusions_csv(const StudyRecord& study) {
  std::string text = "row,leaks,true,recognised,clips\n";
  for (const StudyEntry& entry : study.entries) {
    const metrics::ConfusionMatrix confusion = pooled_confusion(entry);
    for (std::size_t i = 0; i < confusion.classes(); ++i) {
      for (std::size_t j = 0; j < confusion.classes(); ++j) {
        text += fmt::format("{},{},{},{}\n", row_fields(entry),
                            escape_csv(entry.runs.front().classes[i]),
                            escape_csv(entry.runs.front().classes[j]), confusion.count(i, j));
      }
    }
  }
  return text;
}

std::string calibration_csv(const StudyRecord& study) {
  std::string text = "row,leaks,clips_a_run,confidence,accuracy,low,high\n";
  for (const StudyEntry& entry : study.entries) {
    std::vector<std::vector<metrics::CalibrationBin>> bins;
    for (const StudyRow& run : entry.runs) bins.push_back(run.calibration.bins);
    for (const metrics::ReliabilityPoint& point : metrics::reliability(bins)) {
      text += fmt::format("{},{},{},{},{}\n", row_fields(entry), number(point.clips),
                          number(point.confidence), number(point.accuracy.value),
                          interval(point.accuracy));
    }
  }
  return text;
}

}  // namespace parlando::report
