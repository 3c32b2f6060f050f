#include <algorithm>
#include <iterator>
#include <vector>

#include <torch/cuda.h>

#include "common/core/memory.h"
#include "common/core/progress.h"
#include "train/measure/measure.h"
#include "train/measure/phase_clock.h"
#include "train/measure/tensor_memory.h"

namespace parlando::train {
namespace {

constexpr std::size_t kWarmUpSteps = 2;
constexpr std::size_t kTimedSteps = 5;

/// Writes down the shape of every part's output.
class ShapeRecorder : public StepObserver {
 public:
  void on_part(std::string_view name, const at::Tensor& output) override {
    shapes_.push_back({{"part", name}, {"shape", output.sizes().vec()}});
  }
  void on_phase(std::string_view) override {}

  const Json& shapes() const { return shapes_; }

 private:
  Json shapes_ = Json::array();
};

/// What the features of both sides will take once every clip was read.
std::int64_t features_bytes(const ReadyJob& job) {
  const SampleSet& train = *job.data.train;
  double bytes = 0;
  if (train.kept() > 0) {
    // A rank has read its part of the training clips by now; the others are as long.
    bytes = static_cast<double>(job.data.budget->taken()) / static_cast<double>(train.kept()) *
            static_cast<double>(train.readable());
  }
  for (const ClipInfo& clip : job.data.validation->clips())
    bytes += static_cast<double>(clip.valid_frames * job.data.normalization.rows * sizeof(float));
  return std::min(static_cast<std::int64_t>(bytes), job.data.budget->limit());
}

/// After some steps: what the process has in use by then stays, for freed memory is kept.
Json memory_of(const ReadyJob& job, std::int64_t activations) {
  const Trainer::StateBytes state = job.trainer.state_bytes();
  const std::int64_t features = features_bytes(job);
  const std::int64_t used = resident_memory() - job.data.budget->taken();
  const std::int64_t own = 2 * state.parameters + state.other;
  return {{"parameters", state.parameters},
          {"gradients", state.parameters},
          {"optimizer_and_best_weights", state.other},
          {"activations", activations},
          {"features", features},
          {"features_limit", job.data.budget->limit()},
          {"program", std::max<std::int64_t>(0, used - own - activations)},
          {"total", used + features}};
}

Json time_of(const ReadyJob& job, std::size_t steps_per_epoch) {
  PhaseClock clock(kWarmUpSteps, [device = job.device] {
    if (device.is_cuda()) torch::cuda::synchronize(device.index());
  });
  job.trainer.try_steps(kWarmUpSteps + kTimedSteps, clock, [&] { clock.on_step(); });
  std::vector<double> steps = clock.steps();
  std::ranges::nth_element(steps, steps.begin() + kTimedSteps / 2);
  double forward = 0;
  for (const PhaseClock::Phase& phase : clock.phases()) {
    if (phase.of_network) forward += phase.seconds / static_cast<double>(kTimedSteps);
  }
  // A clip of the validation side costs a forward pass; training's is a little dearer.
  const auto batch = static_cast<double>(job.trainer.batch_size());
  const double validation = forward * static_cast<double>(job.data.validation->size()) / batch;
  const double training = steps[kTimedSteps / 2] * static_cast<double>(steps_per_epoch);
  return {{"step_seconds", steps[kTimedSteps / 2]},
          {"samples_per_second", batch / steps[kTimedSteps / 2]},
          {"epoch_seconds", training + validation},
          {"all_epochs_seconds", (training + validation) * job.config.epochs}};
}

std::string shape_text(const Json& shape) {
  std::string text;
  for (const Json& size : shape) text += (text.empty() ? "" : " x ") + size.dump();
  return text;
}

}  // namespace

Json dry_run(const ReadyJob& job) {
  ShapeRecorder shapes;
  std::int64_t activations = 0;
  {
    const TensorMemory memory(job.device);
    job.trainer.try_steps(1, shapes);
    activations = memory.peak();
  }
  const std::size_t batch = job.trainer.batch_size();
  const std::size_t samples = job.trainer.samples_per_epoch();
  const std::size_t steps = (samples + batch - 1) / batch;
  const Json time = time_of(job, steps);
  const ParameterCount count = job.model.count();
  const auto input = static_cast<std::int64_t>(job.data.normalization.frames);
  const auto rows = static_cast<std::int64_t>(job.data.normalization.rows);
  Json network = Json::array(
      {{{"part", "input"}, {"shape", {shapes.shapes().at(0).at("shape").at(0), input, rows}}}});
  network.insert(network.end(), shapes.shapes().begin(), shapes.shapes().end());
  return {{"name", job.config.name},
          {"network", network},
          {"parameters", {{"trainable", count.trainable}, {"keras", count.total}}},
          {"training_samples", samples},
          {"training_clips", job.data.train->clips()},
          {"validation_clips", job.data.validation->size()},
          {"batch_size", batch},
          {"steps_per_epoch", steps},
          {"epochs", job.config.epochs},
          {"world_size", job.host.size()},
          {"threads", job.threads},
          {"memory_bytes", memory_of(job, activations)},
          {"time", time}};
}

std::string dry_run_text(const Json& result) {
  fmt::memory_buffer text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "{}, one rank's batch through the network:\n",
                 result.at("name").get<std::string>());
  for (const Json& part : result.at("network")) {
    fmt::format_to(out, "  {:<14} {}\n", part.at("part").get<std::string>(),
                   shape_text(part.at("shape")));
  }
  const Json& parameters = result.at("parameters");
  fmt::format_to(out, "parameters: {} trained; {} as Keras counts, with moving statistics\n",
                 parameters.at("trainable").dump(), parameters.at("keras").dump());
  fmt::format_to(
      out,
      "training: {} samples of {} clips; {} steps of {} an epoch; {} epochs at the most\n"
      "validation: {} clips\n",
      result.at("training_samples").dump(), result.at("training_clips").dump(),
      result.at("steps_per_epoch").dump(), result.at("batch_size").dump(),
      result.at("epochs").dump(), result.at("validation_clips").dump());
  const Json& memory = result.at("memory_bytes");
  fmt::format_to(out, "memory of each rank:\n");
  for (const auto& [key, label] : std::initializer_list<std::pair<const char*, const char*>>{
           {"parameters", "parameters"},
           {"gradients", "gradients"},
           {"optimizer_and_best_weights", "optimiser and best weights"},
           {"activations", "activations, one step's peak"},
           {"features", "features"},
           {"program", "program, libraries and buffers"},
           {"total", "all together"}}) {
    fmt::format_to(out, "  {:<36} {:>10}\n", label,
                   readable_bytes(memory.at(key).get<std::int64_t>()));
  }
  fmt::format_to(out, "features may take {} (input.memory)\n",
                 readable_bytes(memory.at("features_limit").get<std::int64_t>()));
  const Json& time = result.at("time");
  fmt::format_to(out,
                 "time with ranks x threads = {} x {}: {:.1f} ms a step, {:.0f} samples/s, {} an "
                 "epoch, {} for all epochs\n",
                 result.at("world_size").dump(), result.at("threads").dump(),
                 1e3 * time.at("step_seconds").get<double>(),
                 time.at("samples_per_second").get<double>(),
                 format_duration(time.at("epoch_seconds").get<double>()),
                 format_duration(time.at("all_epochs_seconds").get<double>()));
  return fmt::to_string(text);
}

}  // namespace parlando::train
