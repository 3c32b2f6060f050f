#include "common/report/meaning.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/metrics/wilson.h"
#include "common/report/numbers.h"

namespace parlando::report {
namespace {

/// Half the width of the 95 % interval of a share among independent samples, in points.
std::string half_width(double share, std::int64_t n) {
  const auto samples = static_cast<double>(n);
  const metrics::Figure interval = metrics::wilson_interval(share * samples, samples);
  return percent((interval.high - interval.low) / 2);
}

std::string speakers_sentence(const RunRecord& run) {
  const std::int64_t n = run.evaluation->n();
  const SideRelation* shared = run.relation("shared-speaker", "train/test");
  if (shared != nullptr && shared->count == 0) {
    return fmt::format(
        "No speaker of the {} test clips was heard in training: the figures estimate how the model "
        "does "
        "on people it does not know, recorded under the same conditions.",
        grouped(n));
  }
  const bool many = run.scheme == "stratified" || run.scheme == "stratified-pairs";
  if (shared == nullptr && !many) {
    return fmt::format("The figures are of {} test clips that took no part in training.",
                       grouped(n));
  }
  const std::string who =
      shared == nullptr || shared->count >= n
          ? "The same speakers are on both sides of the split"
          : fmt::format("{} of the {} test clips come from speakers who are also in training",
                        grouped(shared->count), grouped(n));
  return who +
         ", so the figures say how well the model recognises further recordings of voices it "
         "knows. They "
         "say nothing about unknown speakers; expect clearly less there.";
}

std::string repetition_sentence(const RunRecord& run) {
  const SideRelation* pairs = run.relation("repetition-pair", "train/test");
  if (pairs == nullptr || pairs->count == 0) return "";
  return fmt::format(
      "{} of the {} test clips ({} %) have their other repetition (same actor, sentence and "
      "emotion) in "
      "training, which also makes the task easier.",
      grouped(pairs->count), grouped(run.evaluation->n()),
      percent(static_cast<double>(pairs->count) / static_cast<double>(run.evaluation->n())));
}

std::string corpus_sentence(const RunRecord& run) {
  if (run.synthetic) {
    return "The sound is made up by a program. The figures show that the software runs and that "
           "the "
           "network can learn; they say nothing about people, voices or emotion.";
  }
  if (run.corpus_name == "RAVDESS") {
    return "The emotion is acted: 24 professional actors, two sentences, North American English, "
           "studio "
           "sound. Spontaneous emotion, other languages, other people and other microphones are "
           "not "
           "covered.";
  }
  return "The figures hold for recordings like those of this corpus; other languages, people, "
         "microphones "
         "and ways of showing emotion are not covered.";
}

std::string precision_sentence(const RunRecord& run) {
  const metrics::Evaluation& evaluation = *run.evaluation;
  std::string text = fmt::format(
      "One test set of {} clips at {} % is known to \u00b1{} points if clips were independent",
      grouped(evaluation.n()), percent(evaluation.accuracy.value),
      half_width(evaluation.accuracy.value, evaluation.n()));
  if (evaluation.interval_method == "bootstrap by speaker") {
    text += fmt::format(
        "; the intervals on this page ({} resamples of {} speakers) also count that clips of one "
        "speaker "
        "are alike",
        grouped(static_cast<std::int64_t>(evaluation.resamples)), evaluation.clusters);
  }
  return text +
         ". Neither counts the luck of the seed and of the split: compare means over several "
         "seeds, not "
         "single runs.";
}

std::string chance_sentence(const RunRecord& run) {
  const auto& classes = run.evaluation->per_class;
  const auto largest =
      std::max_element(classes.begin(), classes.end(),
                       [](const auto& a, const auto& b) { return a.support < b.support; });
  const double share =
      static_cast<double>(largest->support) / static_cast<double>(run.evaluation->n());
  const auto index = static_cast<std::size_t>(largest - classes.begin());
  return fmt::format(
      "For scale: always answering \u201c{}\u201d would be right on {} % of these clips.",
      run.evaluation->classes[index], percent(share));
}

std::string reads_sentence(const RunRecord& run) {
  if (!run.allowed_leaks.empty()) return "";  // said above
  if (run.test_reads.size() == 1) {
    return "The test side was read once, after training; epoch and learning rate were chosen on "
           "the "
           "validation side.";
  }
  if (run.test_reads.size() > 1) {
    return fmt::format(
        "The test side was read {} times. If anything was chosen between those reads (a seed, a "
        "key, an "
        "epoch), the figures are too good.",
        run.test_reads.size());
  }
  return "";
}

std::string split_in_words(const RunRecord& run) {
  const std::string strata = run.by == "emotion-channel" ? "emotion and channel" : run.by;
  if (run.scheme == "stratified") return "random split, stratified by " + strata;
  if (run.scheme == "stratified-pairs") {
    return "random split, stratified by " + strata + ", repetitions kept together";
  }
  if (run.scheme == "luna5")
    return fmt::format("speaker-independent, fold {} of 5 (luna5)", run.fold);
  if (run.scheme == "emobox6") {
    return fmt::format("speaker-independent, fold {} of 6 (emobox6)", run.fold);
  }
  if (run.scheme == "loso") return fmt::format("leave one speaker out, fold {}", run.fold);
  if (run.scheme == "group-kfold" || run.scheme == "stratified-group-kfold") {
    return fmt::format("speaker-independent, fold {}", run.fold);
  }
  if (run.scheme == "kfold" || run.scheme == "kfold-pairs") {
    return fmt::format("fold {}, stratified by {}{}", run.fold, strata,
                       run.scheme == "kfold" ? "" : ", repetitions kept together");
  }
  if (run.scheme == "imported") return "split made elsewhere";
  return run.scheme.empty() ? "unknown protocol" : run.scheme;
}

}  // namespace

std::vector<std::string> warnings(const RunRecord& run) {
  std::vector<std::string> texts;
  if (run.synthetic) {
    texts.emplace_back(
        "MADE-UP SOUND. This corpus is synthetic: no person spoke or sang. These figures say "
        "nothing about "
        "people and are not a result on RAVDESS or any other real corpus.");
  }
  for (const std::string& leak : run.allowed_leaks) {
    texts.push_back(fmt::format(
        "LEAK ALLOWED. protocol.allow_leak has {}: {}. This shows what the leak is worth; the "
        "figures are too good and must not be compared with others.",
        leak, leak_in_words(leak)));
  }
  if (run.permuted_labels) {
    texts.emplace_back(
        "LABELS PERMUTED. The labels of all clips were dealt out at random before training "
        "(protocol.permute_labels); figures above chance would show a fault of the program.");
  }
  for (const SideRelation& leak : run.leaks()) {
    texts.push_back(fmt::format(
        "LEAK. {} ({}): {}. The protocol does not tolerate this; the figures are too good and must "
        "not be "
        "compared with others.",
        relation_in_words(leak.name), leak.sides, counted(leak.count, "clip", "clips")));
  }
  if (!run.evaluation) {
    texts.push_back(
        fmt::format("NOT EVALUATED. This run has no result.json; {} finished. If it is not "
                    "running, run the training "
                    "command again to continue it, or 'parlando evaluate --run {}' if only the "
                    "evaluation is missing.",
                    run.epochs.empty() ? std::string("no epoch is")
                                       : counted(run.epochs.back().epoch, "epoch is", "epochs are"),
                    run.folder.string()));
  }
  return texts;
}

std::vector<std::string> meaning(const RunRecord& run) {
  if (!run.evaluation || run.evaluation->n() == 0) return {};
  std::vector<std::string> texts{corpus_sentence(run),     speakers_sentence(run),
                                 repetition_sentence(run), precision_sentence(run),
                                 reads_sentence(run),      chance_sentence(run)};
  std::erase(texts, "");
  return texts;
}

std::string protocol_in_words(const RunRecord& run) {
  std::string words = split_in_words(run);
  for (const auto& [side, names] : run.channels)
    words += fmt::format(", {} side: {}", side, join_text(names, " and "));
  for (const std::string& leak : run.allowed_leaks) words += fmt::format(", leak: {}", leak);
  return run.permuted_labels ? words + ", permuted labels" : words;
}

std::string leak_in_words(const std::string& name) {
  if (name == "validation-is-test")
    return "the test side chose the epoch, stopped the training and steered the learning rate";
  if (name == "augmented-validation")
    return "the validation side is made of changed copies of training clips";
  return "the validation side knows what it should not";
}

std::string relation_in_words(const std::string& name) {
  if (name == "shared-speaker") return "Speaker is on both sides";
  if (name == "repetition-pair") return "Other repetition of the utterance is on the other side";
  if (name == "same-take") return "Another file of the same take is on the other side";
  if (name == "identical-audio") return "Identical audio is on the other side";
  if (name == "same-clip") return "Same clip is on both sides";
  return name;
}

}  // namespace parlando::report
